/* What the parts of the headless sipe client share. */
#ifndef SIPE_CLIENT_H
#define SIPE_CLIENT_H

#include <glib.h>
#include <purple.h>

extern PurpleAccount *account0;
extern gboolean accept_certs, accept_auth;

/* One JSON object on stdout: key, value pairs, NULL terminated.  A key that begins with '#' carries raw JSON. */
void emit(const char *event, ...);
/* A JSON string, quotes included, or null. */
void put_string(GString *o, const char *s);
void emit_buddy(const char *event, PurpleBuddy *b);

/* told.c: what libpurple reports. */
void told_setup(void);
extern PurpleBlistUiOps blist_ops;
extern PurplePrivacyUiOps privacy_ops;
void *told_fields(const char *title, const char *prim, const char *sec, PurpleRequestFields *f, GCallback ok,
		  GCallback cancel, const char *who, void *ud);
void *told_results(PurpleConnection *gc, const char *title, const char *prim, const char *sec,
		   PurpleNotifySearchResults *r, gpointer ud);
void told_rows(PurpleConnection *gc, PurpleNotifySearchResults *r, void *d);
/* The values for the next form, "id=value" each. */
extern char **form;

/* orders.c: what can be asked for beyond the basics.  FALSE: no such order. */
gboolean order(char **word, int words);

/* voice.c: calls without a sound system. */
void voice_setup(const char *address);
gboolean voice_order(char **word, int words);

#endif
