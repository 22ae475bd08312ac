package io.redshank.admin;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.ClientId;
import io.redshank.model.ExclusiveFilter;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.TimestampUnit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Says what keeps a client from getting a topic's messages, or what of them waits for it. Changes nothing. */
public final class Explain {
    private final Estate estate;
    private final Steps steps;
    private final Predicate<TopicFilter> refused;

    /** With the filters that nobody may subscribe to. */
    public Explain(Vertx vertx, BackendOptions options, RedisLinks links, Predicate<TopicFilter> refused) {
        this.steps = new Steps(vertx, Doctor.Pace.ORDINARY.pauseMillis());
        this.estate = new Estate(options, links);
        this.refused = refused;
    }

    /**
     * What there is to say, in order; the last statement is the conclusion.
     *
     * @param kept whether something keeps the client from getting messages
     */
    public record Answer(List<Statement> statements, boolean kept) {}

    /** Explains what becomes of this topic's messages for this client. */
    public Future<Answer> explain(ClientId client, TopicName topic) {
        return new ClientReader(estate)
                .read(client)
                .compose(state -> nodeRuns(state).compose(runs -> explain(state, runs, topic)));
    }

    private Future<Boolean> nodeRuns(ClientState state) {
        String node = state.presence().getOrDefault("node", estate.node().value());
        return new Nodes(estate.sessions(), steps, 0).running(List.of(node)).map(running -> running.contains(node));
    }

    private Future<Answer> explain(ClientState state, boolean nodeRuns, TopicName topic) {
        List<Match> matches = state.matching(topic);
        List<Statement> said = new ArrayList<>();
        said.add(client(state, nodeRuns));
        said.add(session(state));
        matches.forEach(match -> said.add(subscription(state, match)));
        said.add(topic(topic));
        RedisLink link = estate.logOf(topic);
        LogView log = new LogView(link, topic);
        boolean queue = isQueue(topic, matches);
        return owners(matches)
                .onSuccess(said::addAll)
                .compose(owners -> log.all())
                .compose(all -> Bookmark.of(state, topic, matches, link).compose(bookmark -> {
                    var start = queue ? null : bookmark.start();
                    Future<LogView.Stretch> behind = queue
                            ? Future.succeededFuture(all)
                            : start == null
                                    ? Future.succeededFuture(new LogView.Stretch(0, null, null, true))
                                    : log.behind(start);
                    return behind.map(waiting -> {
                        Conclusion conclusion = new Conclusion(
                                state,
                                topic,
                                matches,
                                estate.storing(topic),
                                nodeRuns,
                                queue,
                                estate.fetch(topic, queue),
                                bookmark,
                                waiting);
                        said.add(all.into(Statement.of("log", all.words())));
                        said.addAll(conclusion.details());
                        said.add(Statement.of("conclusion", conclusion.words()).with("kept", conclusion.keeps()));
                        return new Answer(said, conclusion.keeps());
                    });
                }));
    }

    private Statement client(ClientState state, boolean nodeRuns) {
        String id = state.client().value();
        if (state.presence().isEmpty()) {
            return Statement.of("client", "was never here, as far as is remembered")
                    .with("client", id)
                    .with("online", false);
        }
        String node = state.presence().getOrDefault("node", "a node that is not named");
        String words = state.isOnline()
                ? "online since " + time(state, "online_at") + " at " + node + (nodeRuns ? "" : ", which does not run")
                : "offline since " + time(state, "offline_at");
        return Statement.of("client", words)
                .with("client", id)
                .with("online", state.isOnline())
                .with("node", node)
                .with("node_runs", nodeRuns);
    }

    private static String time(ClientState state, String field) {
        long stored = Names.number(state.presence().get(field), -1);
        return stored < 0 ? "an unknown time" : Times.text(TimestampUnit.millisOf(stored));
    }

    private static Statement session(ClientState state) {
        SessionView session = state.session();
        boolean alive = state.hasSession(System.currentTimeMillis());
        String words = !alive
                ? "none that outlives a connection"
                : session.isConnected()
                        ? "persists, and is connected"
                        : session.neverEnds() ? "persists, without end" : "persists until " + Times.text(session.due());
        return Statement.of("session", words).with("persists", alive);
    }

    private Statement subscription(ClientState state, Match match) {
        String options = state.optionsOf(match.whole());
        boolean isRefused = refused.test(match.whole()) || refused.test(match.topics());
        String words = match.whole() + " at QoS " + match.qos()
                + (match.own() ? ", asked for by the client" : ", written by an application")
                + (options.isEmpty() ? "" : ", options " + options)
                + (isRefused ? ", which mqtt.topics.refuse_subscriptions refuses now" : "");
        return Statement.of("subscription", words)
                .with("filter", match.whole().value())
                .with("qos", match.qos())
                .with("own", match.own())
                .with("options", options)
                .with("refused", isRefused);
    }

    private Statement topic(TopicName topic) {
        HookEntry storing = estate.storing(topic);
        boolean latest = estate.first(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_STORE_KEEP_LATEST, topic)
                .isPresent();
        String also = latest ? "; its latest message is kept, too" : "";
        return storing == null
                ? Statement.of("topic", "live only: no message.publish entry stores it" + also)
                        .with("stored", false)
                : Statement.of(
                                "topic",
                                "stored by " + storing.path() + " in pool " + storing.pool() + ", for "
                                        + storing.expiredSeconds() + " s or less" + also)
                        .with("stored", true)
                        .with("entry", storing.path())
                        .with("pool", storing.pool());
    }

    /** Who has the exclusive subscriptions that match. */
    private Future<List<Statement>> owners(List<Match> matches) {
        List<Match> exclusive = matches.stream().filter(Match::isExclusive).toList();
        List<Request> questions = exclusive.stream()
                .map(match -> Request.cmd(Command.GET)
                        .arg(Keys.exclusive(ExclusiveFilter.of(match.whole()).topics())))
                .toList();
        return Replies.to(questions, estate.sessions()).map(replies -> {
            List<Statement> owners = new ArrayList<>();
            for (int i = 0; i < exclusive.size(); i++) {
                String owner = replies.text(i);
                owners.add(Statement.of(
                                "exclusive",
                                exclusive.get(i).whole() + (owner == null ? " is nobody's" : " is that of " + owner))
                        .with("owner", owner == null ? "" : owner));
            }
            return owners;
        });
    }

    /** Whether a subscriber of the topic is given all that is in its log. */
    private boolean isQueue(TopicName topic, List<Match> matches) {
        return matches.stream().anyMatch(match -> match.isRead() && match.isExact()) && estate.isQueue(topic);
    }
}
