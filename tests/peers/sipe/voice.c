/*
 * Calls without a sound system: what libpurple expects of a media framework, with one UDP socket a stream.
 * Codecs are G.711; what comes in goes back to where the other side wants it, as an echo.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sipe_client.h"
#include <media.h>
#include <media/backend-iface.h>
#include <mediamanager.h>

static const char *own_address = "127.0.0.1";
static PurpleMedia *current;

/* ------------------------------------------------------------ the framework */

typedef struct {
	GObject parent;
	PurpleMedia *media;
	char *kind, *session, *who;
	int socket[2];			/* RTP and RTCP */
	guint watch;
	struct sockaddr_in peer;	/* where RTP goes; port 0 while unknown */
	GList *ours, *theirs;		/* candidates */
	GList *remote_codecs;
	unsigned packets;
	gboolean caller;
} Voice;
typedef struct { GObjectClass parent; } VoiceClass;

static void voice_is_backend(PurpleMediaBackendIface *iface);
G_DEFINE_TYPE_WITH_CODE(Voice, voice, G_TYPE_OBJECT,
			G_IMPLEMENT_INTERFACE(PURPLE_TYPE_MEDIA_BACKEND, voice_is_backend))

static int bound(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	a.sin_addr.s_addr = inet_addr(own_address);
	if (s >= 0 && bind(s, (struct sockaddr *)&a, sizeof(a)) < 0) { close(s); s = -1; }
	return s;
}

static int port_of(int s)
{
	struct sockaddr_in a;
	socklen_t n = sizeof(a);
	return getsockname(s, (struct sockaddr *)&a, &n) ? 0 : ntohs(a.sin_port);
}

/* A free pair of ports, the first one even. */
static gboolean open_sockets(Voice *v)
{
	int tries;
	for (tries = 0; tries < 50; tries++) {
		v->socket[0] = bound(0);
		if (v->socket[0] < 0) break;
		if (port_of(v->socket[0]) % 2 == 0) {
			v->socket[1] = bound(port_of(v->socket[0]) + 1);
			if (v->socket[1] >= 0) return TRUE;
		}
		close(v->socket[0]);
	}
	v->socket[0] = v->socket[1] = -1;
	return FALSE;
}

static gboolean rtp_came(GIOChannel *c, GIOCondition g, gpointer d)
{
	Voice *v = d;
	unsigned char b[2048];
	ssize_t n = recv(v->socket[0], b, sizeof(b), MSG_DONTWAIT);
	(void)c; (void)g;
	if (n < 12 || b[0] >> 6 != 2) return TRUE;
	if (++v->packets == 10) emit("audio", "#packets", "10", NULL);
	b[8] ^= 0x55;	/* another source: ours */
	if (v->peer.sin_port) sendto(v->socket[0], b, n, 0, (struct sockaddr *)&v->peer, sizeof(v->peer));
	return TRUE;
}

static gboolean stream_ready(gpointer d)
{
	Voice *v = d;
	int i;
	for (i = 0; i < 2; i++) {
		PurpleMediaCandidate *c = purple_media_candidate_new("1", i + 1, PURPLE_MEDIA_CANDIDATE_TYPE_HOST,
			PURPLE_MEDIA_NETWORK_PROTOCOL_UDP, own_address, port_of(v->socket[i]));
		g_object_set(c, "username", "headless", "password", "0123456789abcdef012345", "priority", 2130706431u - i, NULL);
		v->ours = g_list_append(v->ours, c);
		g_signal_emit_by_name(v, "new-candidate", v->session, v->who, c);
	}
	g_signal_emit_by_name(v, "codecs-changed", v->session);
	g_signal_emit_by_name(v, "candidates-prepared", v->session, v->who);
	g_object_unref(v);
	return FALSE;
}

static gboolean b_add_stream(PurpleMediaBackend *b, const gchar *session, const gchar *who, PurpleMediaSessionType type,
			     gboolean initiator, const gchar *transmitter, guint n, GParameter *params)
{
	Voice *v = (Voice *)b;
	GIOChannel *c;
	(void)n; (void)params;
	if (!(type & PURPLE_MEDIA_AUDIO) || v->session || !open_sockets(v)) return FALSE;
	v->caller = initiator;
	v->session = g_strdup(session);
	v->who = g_strdup(who);
	emit("media-stream", "session", session, "participant", who, "transmitter", transmitter, NULL);
	c = g_io_channel_unix_new(v->socket[0]);
	v->watch = g_io_add_watch(c, G_IO_IN, rtp_came, v);
	g_io_channel_unref(c);
	g_timeout_add(1, stream_ready, g_object_ref(v));
	return TRUE;
}

/*
 * Both sides are known: libpurple hears which candidates are in use, as a framework would find out.
 * At the side that is called not before it has answered: the plugin answers by itself when it hears that media flows.
 */
static gboolean pair_found(gpointer d)
{
	Voice *v = d;
	GList *l, *r;
	if (!v->media) { g_object_unref(v); return FALSE; }
	if (!v->caller && !purple_media_accepted(v->media, v->session, v->who)) return TRUE;
	for (l = v->ours; l; l = l->next)
		for (r = v->theirs; r; r = r->next)
			if (purple_media_candidate_get_component_id(l->data) == purple_media_candidate_get_component_id(r->data)) {
				g_signal_emit_by_name(v, "active-candidate-pair", v->session, v->who, l->data, r->data);
				break;
			}
	g_object_unref(v);
	return FALSE;
}

static void b_add_remote(PurpleMediaBackend *b, const gchar *session, const gchar *who, GList *candidates)
{
	Voice *v = (Voice *)b;
	GList *l;
	(void)session; (void)who;
	for (l = candidates; l; l = l->next) {
		gchar *ip = purple_media_candidate_get_ip(l->data);
		guint16 port = purple_media_candidate_get_port(l->data);
		v->theirs = g_list_append(v->theirs, purple_media_candidate_copy(l->data));
		if (purple_media_candidate_get_component_id(l->data) == PURPLE_MEDIA_COMPONENT_RTP && port) {
			char text[16];
			v->peer.sin_family = AF_INET;
			v->peer.sin_addr.s_addr = inet_addr(ip);
			v->peer.sin_port = htons(port);
			g_snprintf(text, sizeof(text), "%u", port);
			emit("media-peer", "address", ip, "#port", text, NULL);
		}
		g_free(ip);
	}
	g_timeout_add(20, pair_found, g_object_ref(v));
}

static gboolean b_codecs_ready(PurpleMediaBackend *b, const gchar *session)
{ (void)session; return ((Voice *)b)->session != NULL; }

static GList *b_codecs(PurpleMediaBackend *b, const gchar *session)
{
	PurpleMediaCodec *a = purple_media_codec_new(8, "PCMA", PURPLE_MEDIA_AUDIO, 8000);
	PurpleMediaCodec *u = purple_media_codec_new(0, "PCMU", PURPLE_MEDIA_AUDIO, 8000);
	PurpleMediaCodec *e = purple_media_codec_new(101, "telephone-event", PURPLE_MEDIA_AUDIO, 8000);
	(void)b; (void)session;
	g_object_set(a, "channels", 1, NULL);
	g_object_set(u, "channels", 1, NULL);
	return g_list_append(g_list_append(g_list_append(NULL, a), u), e);
}

static GList *b_candidates(PurpleMediaBackend *b, const gchar *session, const gchar *who)
{ (void)session; (void)who; return purple_media_candidate_list_copy(((Voice *)b)->ours); }

static gboolean b_remote_codecs(PurpleMediaBackend *b, const gchar *session, const gchar *who, GList *codecs)
{
	GString *names = g_string_new("[");
	(void)b; (void)session; (void)who;
	for (; codecs; codecs = codecs->next) {
		gchar *name = purple_media_codec_get_encoding_name(codecs->data);
		if (names->len > 1) g_string_append_c(names, ',');
		put_string(names, name);
		g_free(name);
	}
	g_string_append_c(names, ']');
	emit("media-codecs", "#codecs", names->str, NULL);
	g_string_free(names, TRUE);
	return TRUE;
}

static gboolean b_send_codec(PurpleMediaBackend *b, const gchar *session, PurpleMediaCodec *c)
{ (void)b; (void)session; (void)c; return TRUE; }
static void b_params(PurpleMediaBackend *b, guint n, GParameter *p) { (void)b; (void)n; (void)p; }
static const gchar **b_available(void) { static const gchar *none[] = { NULL }; return none; }
static gboolean b_mux(PurpleMediaBackend *b, const gchar *session, const gchar *who, gboolean on)
{ (void)b; (void)session; (void)who; (void)on; return TRUE; }
static gboolean b_require(PurpleMediaBackend *b, const gchar *session, const gchar *who, gboolean on)
{ (void)b; (void)session; (void)who; return !on; }

static void voice_is_backend(PurpleMediaBackendIface *i)
{
	i->add_stream = b_add_stream;
	i->add_remote_candidates = b_add_remote;
	i->codecs_ready = b_codecs_ready;
	i->get_codecs = b_codecs;
	i->get_local_candidates = b_candidates;
	i->set_remote_codecs = b_remote_codecs;
	i->set_send_codec = b_send_codec;
	i->set_params = b_params;
	i->get_available_params = b_available;
	i->set_send_rtcp_mux = b_mux;
	i->set_require_encryption = b_require;
}

enum { P_NONE, P_KIND, P_MEDIA };

static void voice_set(GObject *o, guint id, const GValue *value, GParamSpec *p)
{
	Voice *v = (Voice *)o;
	(void)p;
	if (id == P_KIND) v->kind = g_value_dup_string(value);
	else if (id == P_MEDIA && (v->media = g_value_get_object(value)))	/* it owns us */
		g_object_add_weak_pointer(G_OBJECT(v->media), (gpointer *)&v->media);
}
static void voice_get(GObject *o, guint id, GValue *value, GParamSpec *p)
{
	Voice *v = (Voice *)o;
	(void)p;
	if (id == P_KIND) g_value_set_string(value, v->kind);
	else if (id == P_MEDIA) g_value_set_object(value, v->media);
}
static void voice_finalize(GObject *o)
{
	Voice *v = (Voice *)o;
	int i;
	if (v->media) g_object_remove_weak_pointer(G_OBJECT(v->media), (gpointer *)&v->media);
	if (v->watch) g_source_remove(v->watch);
	for (i = 0; i < 2; i++)
		if (v->socket[i] >= 0) close(v->socket[i]);
	purple_media_candidate_list_free(v->ours);
	purple_media_candidate_list_free(v->theirs);
	g_free(v->kind);
	g_free(v->session);
	g_free(v->who);
	G_OBJECT_CLASS(voice_parent_class)->finalize(o);
}
static void voice_init(Voice *v) { v->socket[0] = v->socket[1] = -1; }
static void voice_class_init(VoiceClass *c)
{
	GObjectClass *o = G_OBJECT_CLASS(c);
	o->set_property = voice_set;
	o->get_property = voice_get;
	o->finalize = voice_finalize;
	g_object_class_override_property(o, P_KIND, "conference-type");
	g_object_class_override_property(o, P_MEDIA, "media");
}

/* --------------------------------------------------------------- what is told */

static void m_state(PurpleMedia *m, int state, const char *session, const char *who, gpointer d)
{
	static const char *name[] = { "new", "connected", "end" };
	(void)d;
	emit("media-state", "state", state >= 0 && state < 3 ? name[state] : "?", "session", session, "participant", who, NULL);
	if (state == PURPLE_MEDIA_STATE_END && !session && m == current) current = NULL;
}
static void m_info(PurpleMedia *m, int kind, const char *session, const char *who, gboolean local, gpointer d)
{
	static const char *name[] = { "hangup", "accept", "reject", "mute", "unmute", "pause", "unpause", "hold", "unhold" };
	(void)m; (void)d;
	emit("media-info", "info", kind >= 0 && kind < 9 ? name[kind] : "?", "session", session, "participant", who,
	     "#local", local ? "true" : "false", NULL);
}
static void m_error(PurpleMedia *m, const char *text, gpointer d) { (void)m; (void)d; emit("media-error", "text", text, NULL); }
static gboolean m_new(PurpleMediaManager *mm, PurpleMedia *m, PurpleAccount *a, const char *peer, gpointer d)
{
	(void)mm; (void)a; (void)d;
	current = m;
	emit("media-new", "peer", peer, "#initiator", purple_media_is_initiator(m, NULL, NULL) ? "true" : "false", NULL);
	g_signal_connect(m, "state-changed", G_CALLBACK(m_state), NULL);
	g_signal_connect(m, "stream-info", G_CALLBACK(m_info), NULL);
	g_signal_connect(m, "error", G_CALLBACK(m_error), NULL);
	return TRUE;
}

void voice_setup(const char *address)
{
	PurpleMediaManager *mm = purple_media_manager_get();
	own_address = address;
	purple_media_manager_set_backend_type(mm, voice_get_type());
	purple_media_manager_set_ui_caps(mm, PURPLE_MEDIA_CAPS_AUDIO | PURPLE_MEDIA_CAPS_AUDIO_SINGLE_DIRECTION);
	g_signal_connect(mm, "init-media", G_CALLBACK(m_new), NULL);
}

static void tell(PurpleMediaInfoType what)
{
	if (current) purple_media_stream_info(current, what, NULL, NULL, TRUE);
	else emit("error", "text", "no call", NULL);
}

gboolean voice_order(char **w, int n)
{
	if (!strcmp(w[0], "call") && n == 2) purple_prpl_initiate_media(account0, w[1], PURPLE_MEDIA_AUDIO);
	else if (!strcmp(w[0], "answer")) tell(PURPLE_MEDIA_INFO_ACCEPT);
	else if (!strcmp(w[0], "reject")) tell(PURPLE_MEDIA_INFO_REJECT);
	else if (!strcmp(w[0], "hangup")) tell(PURPLE_MEDIA_INFO_HANGUP);
	else if (!strcmp(w[0], "hold")) tell(PURPLE_MEDIA_INFO_HOLD);
	else if (!strcmp(w[0], "unhold")) tell(PURPLE_MEDIA_INFO_UNHOLD);
	else return FALSE;
	return TRUE;
}
