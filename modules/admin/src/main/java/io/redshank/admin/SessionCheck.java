package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.SessionFields;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether each session is held by a connection, or ends at some time, as it says. */
final class SessionCheck implements KeyCheck {
    private static final List<String> FIELDS = List.of(
            SessionFields.CREATED_AT,
            SessionFields.CONNECTED,
            SessionFields.NODE,
            SessionFields.EXPIRY,
            SessionFields.DUE);

    private final Estate estate;
    private final RedisLink link;
    private final Nodes nodes;
    private final SessionMends mends;

    SessionCheck(Estate estate, Nodes nodes) {
        this.estate = estate;
        this.link = estate.sessions();
        this.nodes = nodes;
        this.mends = new SessionMends(estate);
    }

    /** What is known of a session, and what others say of its client. */
    private record Asked(
            Known key,
            SessionView session,
            @Nullable String indexed,
            @Nullable String state,
            @Nullable String onlineAt,
            @Nullable String onNode) {
        /** Whether it is certain that no connection on that node holds it. */
        boolean isCertainlyNotOn(String node) {
            return onNode == null && NodeLook.isElsewhere(node, state, onlineAt);
        }
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Known> readable =
                keys.stream().filter(key -> Names.client(key.name()) != null).toList();
        List<Request> questions = new ArrayList<>();
        for (Known key : readable) {
            Request fields = Request.cmd(Command.HMGET).arg(key.key());
            for (String field : FIELDS) {
                fields = fields.arg(field);
            }
            questions.add(fields);
            questions.add(Request.cmd(Command.ZSCORE).arg(Keys.SESSIONS_DUE).arg(key.name()));
        }
        return Replies.to(questions, link).compose(replies -> {
            List<SessionView> sessions = new ArrayList<>();
            for (int i = 0; i < readable.size(); i++) {
                sessions.add(view(new ClientId(readable.get(i).name()), replies, 2 * i));
            }
            return presence(sessions).compose(presence -> {
                List<Asked> asked = new ArrayList<>();
                for (int i = 0; i < readable.size(); i++) {
                    asked.add(new Asked(
                            readable.get(i),
                            sessions.get(i),
                            replies.text(2 * i + 1),
                            presence.field(2 * i, 0),
                            presence.field(2 * i, 1),
                            presence.text(2 * i + 1)));
                }
                return judge(asked);
            });
        });
    }

    private static SessionView view(ClientId client, Replies replies, int place) {
        Map<String, String> fields = new HashMap<>();
        for (int field = 0; field < FIELDS.size(); field++) {
            String value = replies.field(place, field);
            if (value != null) {
                fields.put(FIELDS.get(field), value);
            }
        }
        return new SessionView(client, fields);
    }

    /** By twos: what the client's own hash says, and since when the session's node has it. */
    private Future<Replies> presence(List<SessionView> sessions) {
        if (estate.presence().isEmpty()) {
            return Replies.to(List.of(), link);
        }
        List<Request> questions = new ArrayList<>();
        for (SessionView session : sessions) {
            questions.add(Request.cmd(Command.HMGET)
                    .arg(Keys.client(session.client()))
                    .arg("state")
                    .arg("node"));
            NodeName node = Names.node(session.node());
            questions.add(Request.cmd(Command.HGET)
                    .arg(node == null ? "" : Keys.node(node))
                    .arg(session.client().value()));
        }
        return Replies.to(questions, estate.presence().get(0));
    }

    private Future<List<Suspicion>> judge(List<Asked> asked) {
        Set<String> names = new HashSet<>();
        asked.forEach(one -> {
            String node = one.session().node();
            if (node != null) {
                names.add(node);
            }
        });
        return nodes.running(names).map(running -> {
            List<Suspicion> suspicions = new ArrayList<>();
            for (Asked one : asked) {
                Suspicion suspicion = one.session().isConnected() ? connected(one, running) : unconnected(one);
                if (suspicion != null) {
                    suspicions.add(suspicion);
                }
            }
            return suspicions;
        });
    }

    private @Nullable Suspicion connected(Asked one, Set<String> running) {
        String node = one.session().node();
        boolean runs = node != null && running.contains(node);
        if (node == null || runs && !one.isCertainlyNotOn(node)) {
            return null;
        }
        String why = "node " + node + (runs ? ", which does not have the client" : ", which does not run");
        return suspicion(FindingKind.SESSION_CONNECTED, one, why, () -> mends.release(one.session(), node));
    }

    private @Nullable Suspicion unconnected(Asked one) {
        SessionView session = one.session();
        if (!session.fields().containsKey(SessionFields.CREATED_AT)) {
            return "1".equals(one.state())
                    ? null // its connection may still write to it
                    : suspicion(FindingKind.SESSION_REMAINS, one, "", () -> mends.forget(session));
        }
        if (session.neverEnds()) {
            return null;
        }
        Supplier<Future<Boolean>> end = () -> mends.letEnd(session);
        if (session.due() == Long.MAX_VALUE) {
            return suspicion(FindingKind.SESSION_WITHOUT_END, one, "", end);
        }
        if (one.indexed() == null) {
            return suspicion(FindingKind.SESSION_NOT_DUE, one, "due " + Times.text(session.due()), end);
        }
        return one.key().isEndless() ? suspicion(FindingKind.NO_TTL, one, "of a session that ends", end) : null;
    }

    private Suspicion suspicion(FindingKind kind, Asked one, String detail, Supplier<Future<Boolean>> mend) {
        Finding finding = Finding.of(kind, link.pool().name(), one.key().subject(), detail);
        return new Suspicion(finding, one.key().subject(), mend);
    }
}
