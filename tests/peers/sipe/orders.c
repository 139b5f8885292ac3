/*
 * Orders beyond the basics: the contact list, access levels, the menus of the plugin, idleness, the connection.
 * An order is one line.  If it has tabs, they part its words, so that names may have blanks.
 */
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include "sipe_client.h"
#include <savedstatuses.h>

static PurpleConnection *gc(void) { return purple_account_get_connection(account0); }

static void nobody(const char *who) { emit("error", "text", "no such buddy or group", "line", who, NULL); }

/* -------------------------------------------------------------- the list */

static PurpleGroup *group_named(const char *name)
{
	PurpleGroup *g = purple_find_group(name);
	if (!g) {
		g = purple_group_new(name);
		purple_blist_add_group(g, NULL);
	}
	return g;
}

static void move(const char *who, const char *group)
{
	PurpleBuddy *b = purple_find_buddy(account0, who);
	if (b) purple_blist_add_buddy(b, NULL, group_named(group), NULL);
	else nobody(who);
}

static void alias(const char *who, const char *name)
{
	PurpleBuddy *b = purple_find_buddy(account0, who);
	if (!b) { nobody(who); return; }
	purple_blist_alias_buddy(b, name);
	serv_alias_buddy(b);
}

/* As a user interface does it: the members first, then the group. */
static void remove_group(const char *name)
{
	PurpleGroup *g = purple_find_group(name);
	GSList *l, *all;
	if (!g) { nobody(name); return; }
	all = purple_find_buddies(account0, NULL);
	for (l = all; l; l = l->next)
		if (purple_buddy_get_group(l->data) == g) {
			purple_account_remove_buddy(account0, l->data, g);
			purple_blist_remove_buddy(l->data);
		}
	g_slist_free(all);
	purple_blist_remove_group(g);
}

static void list_groups(void)
{
	PurpleBlistNode *n;
	for (n = purple_blist_get_root(); n; n = n->next)
		if (PURPLE_BLIST_NODE_IS_GROUP(n)) emit("group", "group", purple_group_get_name((PurpleGroup *)n), NULL);
	emit("groups-end", NULL);
}

/* ----------------------------------------------------- menus of the plugin */

/* Walk a menu; `wanted` is a path such as "Access level/Blocked", a leading part of each label is enough. */
static gboolean walk(GList *menu, const char *path, const char *wanted, PurpleBlistNode *node)
{
	gboolean done = FALSE;
	for (; menu && !done; menu = menu->next) {
		PurpleMenuAction *m = menu->data;
		char *here;
		if (!m || !m->label) continue;
		here = *path ? g_strconcat(path, "/", m->label, NULL) : g_strdup(m->label);
		if (!wanted) emit("menu", "label", here, "#leaf", m->children ? "false" : "true", NULL);
		if (m->children) done = walk(m->children, here, wanted, node);
		else if (wanted && m->callback && strstr(here, wanted)) {
			emit("chosen", "label", here, NULL);
			((void (*)(PurpleBlistNode *, gpointer))m->callback)(node, m->data);
			done = TRUE;
		}
		g_free(here);
	}
	return done;
}

static void menu(const char *who, const char *wanted)
{
	PurplePluginProtocolInfo *pi = PURPLE_PLUGIN_PROTOCOL_INFO(purple_connection_get_prpl(gc()));
	PurpleBuddy *b = purple_find_buddy(account0, who);
	if (!b || !pi->blist_node_menu) { nobody(who); return; }
	if (!walk(pi->blist_node_menu((PurpleBlistNode *)b), "", wanted, (PurpleBlistNode *)b) && wanted)
		emit("error", "text", "no such menu entry", "line", wanted, NULL);
	if (!wanted) emit("menu-end", NULL);
}

static void action(const char *wanted)
{
	PurplePlugin *p = purple_connection_get_prpl(gc());
	GList *l, *all = PURPLE_PLUGIN_ACTIONS(p, gc());
	gboolean done = FALSE;
	for (l = all; l; l = l->next) {
		PurplePluginAction *a = l->data;
		if (!a) continue;
		if (!wanted) emit("action", "label", a->label, NULL);
		else if (!done && g_str_has_prefix(a->label, wanted)) {
			a->plugin = p;
			a->context = gc();
			a->callback(a);
			done = TRUE;
		}
	}
	if (wanted && !done) emit("error", "text", "no such action", "line", wanted, NULL);
	if (!wanted) emit("actions-end", NULL);
}

/* ------------------------------------------------------------ this and that */

/* As Pidgin does it when nobody touches the machine: first the status "away", then the idle time; and back. */
static void idle(int seconds)
{
	PurplePresence *p = purple_account_get_presence(account0);
	purple_savedstatus_set_idleaway(seconds > 0);
	purple_presence_set_idle(p, seconds > 0, seconds > 0 ? time(NULL) - seconds : 0);
}

/* Take the net away: all stream sockets are shut, as if the cable was pulled out at the other side. */
static void drop(void)
{
	int fd, kind;
	char n[16];
	int cut = 0;
	for (fd = 3; fd < 256; fd++) {
		struct sockaddr_storage a;
		socklen_t size = sizeof(kind), room = sizeof(a);
		if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &kind, &size) || kind != SOCK_STREAM) continue;
		if (getpeername(fd, (struct sockaddr *)&a, &room)) continue;
		if (a.ss_family != AF_INET && a.ss_family != AF_INET6) continue;
		if (!shutdown(fd, SHUT_RDWR)) cut++;
	}
	g_snprintf(n, sizeof(n), "%d", cut);
	emit("dropped", "#connections", n, NULL);
}

static void join(const char *uri)
{
	GHashTable *t = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(t, g_strdup("uri"), g_strdup(uri));
	serv_join_chat(gc(), t);
	g_hash_table_destroy(t);
}

gboolean order(char **w, int n)
{
	const char *what = w[0];
	if (!strcmp(what, "connect")) purple_account_connect(account0);
	else if (!strcmp(what, "disconnect")) purple_account_disconnect(account0);
	else if (!strcmp(what, "groups")) list_groups();
	else if (!strcmp(what, "form") && n > 1) { g_strfreev(form); form = g_strdupv(w + 1); }
	else if (!purple_account_is_connected(account0)) return FALSE;
	else if (!strcmp(what, "move") && n == 3) move(w[1], w[2]);
	else if (!strcmp(what, "alias") && n == 3) alias(w[1], w[2]);
	else if (!strcmp(what, "rename-group") && n == 3) {
		PurpleGroup *g = purple_find_group(w[1]);
		if (g) purple_blist_rename_group(g, w[2]); else nobody(w[1]);
	}
	else if (!strcmp(what, "remove-group") && n == 2) remove_group(w[1]);
	else if (!strcmp(what, "block") && n == 2) purple_privacy_deny_add(account0, w[1], FALSE);
	else if (!strcmp(what, "unblock") && n == 2) purple_privacy_deny_remove(account0, w[1], FALSE);
	else if (!strcmp(what, "menu") && n == 2) menu(w[1], NULL);
	else if (!strcmp(what, "choose") && n == 3) menu(w[1], w[2]);
	else if (!strcmp(what, "actions")) action(NULL);
	else if (!strcmp(what, "action") && n == 2) action(w[1]);
	else if (!strcmp(what, "idle") && n == 2) idle(atoi(w[1]));
	else if (!strcmp(what, "drop")) drop();
	else if (!strcmp(what, "join") && n == 2) join(w[1]);
	else return FALSE;
	return TRUE;
}
