package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.redis.KeyKind;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks over the sessions that persist, and shows those that a message of a log is for and that have not acknowledged it. */
final class Unacknowledged {
    private static final int SESSIONS_AT_ONCE = 50;

    private final Estate estate;
    private final Steps steps;
    private final Consumer<Statement> out;
    private long shown;
    private long looked;

    Unacknowledged(Estate estate, Steps steps, Consumer<Statement> out) {
        this.estate = estate;
        this.steps = steps;
        this.out = out;
    }

    /** Shows them, and how many there are; the message is under the id and topic that its log has. */
    Future<Void> show(Message message, RedisLink log, long rank) {
        return Walk.overKeys(steps, estate.sessions(), KeyKind.SESSION.pattern(), keys -> {
                    List<ClientId> clients = new ArrayList<>();
                    for (Subject key : keys) {
                        ClientId client = Names.client(KeyKind.SESSION.nameIn(key.key()));
                        if (client != null) {
                            clients.add(client);
                        }
                    }
                    List<List<ClientId>> lots = new ArrayList<>();
                    for (int from = 0; from < clients.size(); from += SESSIONS_AT_ONCE) {
                        lots.add(clients.subList(from, Math.min(from + SESSIONS_AT_ONCE, clients.size())));
                    }
                    return Steps.each(lots, lot -> lookAt(lot, message, log, rank));
                })
                .onSuccess(walked -> out.accept(Statement.of(
                                "conclusion",
                                shown == 0
                                        ? "All sessions that it is for have acknowledged it."
                                        : shown + (shown == 1 ? " session has" : " sessions have")
                                                + " not acknowledged it.")
                        .with("not_acknowledged", shown)
                        .with("sessions", looked)));
    }

    private Future<Void> lookAt(List<ClientId> clients, Message message, RedisLink log, long rank) {
        List<Request> questions = new ArrayList<>();
        for (ClientId client : clients) {
            questions.add(Request.cmd(Command.HGETALL).arg(Keys.session(client)));
            questions.add(Request.cmd(Command.HGETALL).arg(Keys.subscriptions(client)));
            questions.add(Request.cmd(Command.HGETALL).arg(Keys.inflight(client)));
        }
        return Replies.to(questions, estate.sessions()).compose(replies -> {
            List<ClientState> concerned = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                SessionView session = new SessionView(clients.get(i), replies.hash(3 * i));
                ClientState state = new ClientState(
                        clients.get(i), Map.of(), session, replies.hash(3 * i + 1), replies.hash(3 * i + 2));
                if (state.hasSession(System.currentTimeMillis())) {
                    looked++;
                    concerned.add(state);
                }
            }
            return Steps.each(concerned, state -> lookAt(state, message, log, rank));
        });
    }

    private Future<Void> lookAt(ClientState state, Message message, RedisLink log, long rank) {
        List<Match> matches = state.matching(message.topic()).stream()
                .filter(match -> match.isRead() && match.qos() > 0)
                .filter(match -> !isOwn(state, message, match))
                .toList();
        if (matches.isEmpty()) {
            return Future.succeededFuture();
        }
        if (estate.isQueue(message.topic()) && matches.stream().anyMatch(Match::isExact)) {
            show(state, message.id(), "none: it is of a queue, whoever acknowledges it first ends it");
            return Future.succeededFuture();
        }
        return Bookmark.of(state, message.topic(), matches, log)
                .compose(bookmark -> isBehind(bookmark, message, log, rank).onSuccess(behind -> {
                    if (behind) {
                        show(state, message.id(), bookmark.words(false));
                    }
                }))
                .mapEmpty();
    }

    private static boolean isOwn(ClientState state, Message message, Match match) {
        return message.from().equals(state.client()) && state.session().isNoLocal(match.whole());
    }

    /** Whether the message is one of those that the client is still given. */
    private static Future<Boolean> isBehind(Bookmark bookmark, Message message, RedisLink link, long rank) {
        MessageId start = bookmark.start();
        if (start == null) {
            return Future.succeededFuture(false);
        }
        LogView log = new LogView(link, message.topic());
        return log.behind(start).compose(behind -> {
            MessageId first = behind.first();
            return first == null
                    ? Future.succeededFuture(false)
                    : log.rank(first).map(from -> from != null && from <= rank);
        });
    }

    private void show(ClientState state, MessageId id, String bookmark) {
        @Nullable
        UnderwayView underway = state.underway().stream()
                .filter(one -> one.id().equals(id.value()))
                .findFirst()
                .orElse(null);
        if (underway != null && underway.isAcked()) {
            return;
        }
        shown++;
        String where = state.session().isConnected() ? "connected" : "not connected";
        out.accept(Statement.of(
                        "not-acknowledged",
                        state.client() + ", " + where + (underway == null ? "" : ", sent") + ", bookmark " + bookmark)
                .with("client", state.client().value())
                .with("connected", state.session().isConnected())
                .with("sent", underway != null));
    }
}
