package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.ExclusiveFilter;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.redshank.redis.SessionFields;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts sessions right, in the order that those who sweep them keep to. */
final class SessionMends {
    private final Estate estate;
    private final RedisLink link;

    SessionMends(Estate estate) {
        this.estate = estate;
        this.link = estate.sessions();
    }

    /** The connection is no more: the session is let go, and ends in its time. */
    Future<Boolean> release(SessionView session, String node) {
        String key = Keys.session(session.client());
        Request release = PresenceScripts.RELEASE.call(
                key,
                node,
                session.connectedMillis() + 1,
                System.currentTimeMillis(),
                PresenceScripts.NEVER,
                SessionFields.SPARE_SECONDS);
        Request held = Request.cmd(Command.HGET).arg(key).arg(SessionFields.CONNECTED);
        return Replies.to(List.of(release, held), link).compose(replies -> {
            String due = replies.text(0);
            boolean released = "0".equals(replies.text(1));
            return due == null
                    ? Future.succeededFuture(released)
                    : index(session.client(), due).map(indexed -> true);
        });
    }

    /** The session has no connection: it gets what is missing of its end, and a place in the index of ends. */
    Future<Boolean> letEnd(SessionView session) {
        Request end = Mends.sessionEnd(
                Keys.session(session.client()), System.currentTimeMillis(), SessionFields.SPARE_SECONDS);
        return link.send(end)
                .compose(due -> due == null
                        ? Future.succeededFuture(false)
                        : index(session.client(), due.toString()).map(indexed -> true));
    }

    /** A session that is connected by now does no harm there: who sweeps the index looks at the session itself. */
    private Future<?> index(ClientId client, String due) {
        return link.send(Mends.index(Keys.SESSIONS_DUE, client.value(), due));
    }

    /**
     * What is left of a session goes, with what it had subscribed to and read. Should the client begin a new session in this very
     * moment, the new hash says what of that is to be put back.
     */
    Future<Boolean> forget(SessionView remains) {
        String key = Keys.session(remains.client());
        return read(remains.client())
                .compose(session -> session.fields().containsKey(SessionFields.CREATED_AT)
                        ? Future.succeededFuture(false)
                        : forgetOwn(session)
                                .compose(forgotten -> Mends.send(link, Mends.dropRemains(key)))
                                .compose(dropped -> dropped
                                        ? Future.succeededFuture(true)
                                        : putBack(remains.client()).map(false)));
    }

    private Future<SessionView> read(ClientId client) {
        Request hash = Request.cmd(Command.HGETALL).arg(Keys.session(client));
        return Replies.to(List.of(hash), link).map(replies -> new SessionView(client, replies.hash(0)));
    }

    private Future<Void> forgetOwn(SessionView session) {
        List<Request> commands = new ArrayList<>();
        List<TopicName> topics = new ArrayList<>();
        for (String own : session.own()) {
            commands.add(Request.cmd(Command.HDEL)
                    .arg(Keys.subscriptions(session.client()))
                    .arg(own));
            TopicFilter filter = Names.filter(own);
            if (filter == null) {
                continue;
            }
            if (ExclusiveFilter.isOne(filter)) {
                String claim = Keys.exclusive(ExclusiveFilter.of(filter).topics());
                commands.add(Mends.delete(claim, session.client().value()));
            }
            TopicName topic = topicOf(filter);
            if (topic != null) {
                topics.add(topic);
            }
        }
        commands.add(Request.cmd(Command.DEL).arg(Keys.inflight(session.client())));
        return Replies.to(commands, link)
                .compose(done -> Steps.each(
                        estate.logs(),
                        pool -> pool.send(Request.cmd(Command.DEL).arg(Keys.received(session.client())))))
                .compose(done -> Steps.each(
                        topics,
                        topic -> estate.logOf(topic)
                                .send(Request.cmd(Command.DEL).arg(Keys.acked(session.client(), topic)))));
    }

    /** The one topic of a filter that has a bookmark. */
    private static @Nullable TopicName topicOf(TopicFilter filter) {
        if (SharedFilter.isOne(filter) || filter.hasWildcard()) {
            return null;
        }
        return ExclusiveFilter.isOne(filter)
                ? ExclusiveFilter.of(filter).topics().asTopic()
                : filter.asTopic();
    }

    private Future<Void> putBack(ClientId client) {
        return read(client).compose(alive -> {
            List<Request> commands = new ArrayList<>();
            for (String own : alive.own()) {
                commands.add(Request.cmd(Command.HSETNX)
                        .arg(Keys.subscriptions(client))
                        .arg(own)
                        .arg(alive.fields().getOrDefault(SessionFields.OWN + own, "0")));
            }
            return Replies.to(commands, link).mapEmpty();
        });
    }
}
