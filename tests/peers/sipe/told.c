/* What libpurple tells a user interface, as JSON lines: the list, privacy, forms, search results, chats. */
#include <string.h>

#include "sipe_client.h"

char **form;

/* ------------------------------------------------------------- the list */

static const char *group_of(PurpleBlistNode *n)
{
	PurpleGroup *g = PURPLE_BLIST_NODE_IS_BUDDY(n) ? purple_buddy_get_group((PurpleBuddy *)n) : NULL;
	return g ? purple_group_get_name(g) : NULL;
}

/* ui_data of a node is the name under which it was last told: its group for a buddy, its own for a group. */
static void l_update(PurpleBuddyList *l, PurpleBlistNode *n)
{
	const char *is = NULL;
	(void)l;
	if (!n) return;
	if (PURPLE_BLIST_NODE_IS_BUDDY(n)) {
		PurpleBuddy *b = (PurpleBuddy *)n;
		is = group_of(n);
		if (n->ui_data && is && strcmp(n->ui_data, is))
			emit("buddy-moved", "who", purple_buddy_get_name(b), "from", (char *)n->ui_data, "group", is, NULL);
	} else if (PURPLE_BLIST_NODE_IS_GROUP(n)) {
		is = purple_group_get_name((PurpleGroup *)n);
		if (!n->ui_data) emit("group-added", "group", is, NULL);
		else if (strcmp(n->ui_data, is)) emit("group-renamed", "from", (char *)n->ui_data, "group", is, NULL);
	}
	if (is && (!n->ui_data || strcmp(n->ui_data, is))) {
		g_free(n->ui_data);
		n->ui_data = g_strdup(is);
	}
}
static void l_new(PurpleBlistNode *n) { n->ui_data = NULL; }
static void l_remove(PurpleBuddyList *l, PurpleBlistNode *n)
{
	(void)l;
	if (PURPLE_BLIST_NODE_IS_GROUP(n) && n->ui_data)
		emit("group-removed", "group", purple_group_get_name((PurpleGroup *)n), NULL);
	if (PURPLE_BLIST_NODE_IS_GROUP(n) || PURPLE_BLIST_NODE_IS_BUDDY(n)) {
		g_free(n->ui_data);
		n->ui_data = NULL;
	}
}
static void l_ask_add(PurpleAccount *a, const char *who, const char *group, const char *alias)
{ (void)a; emit("add-asked", "who", who, "group", group, "alias", alias, NULL); }
PurpleBlistUiOps blist_ops = { .new_node = l_new, .update = l_update, .remove = l_remove, .request_add_buddy = l_ask_add };

/* -------------------------------------------------------------- privacy */

static void p_deny(PurpleAccount *a, const char *who) { (void)a; emit("blocked", "who", who, NULL); }
static void p_allow(PurpleAccount *a, const char *who) { (void)a; emit("unblocked", "who", who, NULL); }
PurplePrivacyUiOps privacy_ops = { .deny_added = p_deny, .deny_removed = p_allow };

/* ---------------------------------------------------------------- forms */

static void fill(PurpleRequestField *f, const char *value)
{
	switch (purple_request_field_get_type(f)) {
	case PURPLE_REQUEST_FIELD_STRING: purple_request_field_string_set_value(f, value); break;
	case PURPLE_REQUEST_FIELD_CHOICE: purple_request_field_choice_set_value(f, atoi(value)); break;
	case PURPLE_REQUEST_FIELD_BOOLEAN: purple_request_field_bool_set_value(f, !strcmp(value, "yes")); break;
	default: break;
	}
}

/* Fill a form with what was prepared and send it; without preparation it is cancelled. */
void *told_fields(const char *title, const char *prim, const char *sec, PurpleRequestFields *f, GCallback ok,
		  GCallback cancel, const char *who, void *ud)
{
	GString *ids = g_string_new("[");
	GList *g, *l;
	gboolean send = form != NULL;
	for (g = purple_request_fields_get_groups(f); g; g = g->next)
		for (l = purple_request_field_group_get_fields(g->data); l; l = l->next) {
			const char *id = purple_request_field_get_id(l->data);
			char **v;
			if (ids->len > 1) g_string_append_c(ids, ',');
			put_string(ids, id);
			for (v = form; v && *v; v++) {
				size_t n = strlen(id);
				if (!strncmp(*v, id, n) && (*v)[n] == '=') fill(l->data, *v + n + 1);
			}
		}
	g_string_append_c(ids, ']');
	emit("request-fields", "title", title, "primary", prim, "secondary", sec, "who", who, "#fields", ids->str,
	     "answer", send ? "ok" : "cancel", NULL);
	g_string_free(ids, TRUE);
	g_strfreev(form);
	form = NULL;
	if (send && ok) ((void (*)(void *, PurpleRequestFields *))ok)(ud, f);
	else if (!send && cancel) ((void (*)(void *, PurpleRequestFields *))cancel)(ud, f);
	return NULL;
}

/* --------------------------------------------------------------- search */

void told_rows(PurpleConnection *gc, PurpleNotifySearchResults *r, void *d)
{
	GList *row, *cell, *column;
	(void)gc; (void)d;
	for (row = r->rows; row; row = row->next) {
		GString *o = g_string_new("{");
		for (cell = row->data, column = r->columns; cell && column; cell = cell->next, column = column->next) {
			if (o->len > 1) g_string_append_c(o, ',');
			put_string(o, ((PurpleNotifySearchColumn *)column->data)->title);
			g_string_append_c(o, ':');
			put_string(o, cell->data);
		}
		g_string_append_c(o, '}');
		emit("found", "#person", o->str, NULL);
		g_string_free(o, TRUE);
	}
}
void *told_results(PurpleConnection *gc, const char *title, const char *prim, const char *sec,
		   PurpleNotifySearchResults *r, gpointer ud)
{
	char n[16];
	(void)ud;
	g_snprintf(n, sizeof(n), "%u", g_list_length(r->rows));
	told_rows(gc, r, NULL);
	emit("found-end", "title", title, "primary", prim, "secondary", sec, "#count", n, NULL);
	return r;
}

/* ---------------------------------------------------------------- chats */

static void t_joined(PurpleConversation *c, gpointer d)
{ (void)d; emit("chat-joined", "chat", purple_conversation_get_name(c), NULL); }
static void t_left(PurpleConversation *c, gpointer d)
{ (void)d; emit("chat-left", "chat", purple_conversation_get_name(c), NULL); }
static void t_user(PurpleConversation *c, const char *who, PurpleConvChatBuddyFlags f, gboolean fresh, gpointer d)
{ (void)f; (void)fresh; (void)d; emit("chat-user", "chat", purple_conversation_get_name(c), "who", who, NULL); }
static void t_gone(PurpleConversation *c, const char *who, const char *why, gpointer d)
{ (void)d; emit("chat-user-gone", "chat", purple_conversation_get_name(c), "who", who, "why", why, NULL); }
static void t_said(PurpleAccount *a, char *who, char *text, PurpleConversation *c, PurpleMessageFlags f, gpointer d)
{ (void)a; (void)f; (void)d; emit("chat-said", "chat", purple_conversation_get_name(c), "from", who, "text", text, NULL); }
static int t_invited(PurpleAccount *a, const char *who, const char *chat, const char *text, GHashTable *t, gpointer d)
{
	(void)a; (void)t; (void)d;
	emit("chat-invited", "from", who, "chat", chat, "text", text, NULL);
	return accept_auth ? 1 : -1;
}

void told_setup(void)
{
	static int me;
	void *h = purple_conversations_get_handle();
	purple_signal_connect(h, "chat-joined", &me, PURPLE_CALLBACK(t_joined), NULL);
	purple_signal_connect(h, "chat-left", &me, PURPLE_CALLBACK(t_left), NULL);
	purple_signal_connect(h, "chat-buddy-joined", &me, PURPLE_CALLBACK(t_user), NULL);
	purple_signal_connect(h, "chat-buddy-left", &me, PURPLE_CALLBACK(t_gone), NULL);
	purple_signal_connect(h, "received-chat-msg", &me, PURPLE_CALLBACK(t_said), NULL);
	purple_signal_connect(h, "chat-invited", &me, PURPLE_CALLBACK(t_invited), NULL);
}
