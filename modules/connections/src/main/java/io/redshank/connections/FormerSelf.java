package io.redshank.connections;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.redis.Keys;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears up after the node of the same name that was here before and did not stop in order: the clients that it left online are
 * written offline, and their sessions let go, so that they end when they are due. Works through them in small steps in the background; clients that are connected by now are left alone.
 */
final class FormerSelf {
    static final List<Script> SCRIPTS =
            List.of(PresenceScripts.OFFLINE, PresenceScripts.OFF_NODE, PresenceScripts.RELEASE);

    private static final Logger log = LoggerFactory.getLogger(FormerSelf.class);
    private static final int CLIENTS_PER_STEP = 100;
    private static final long PAUSE_MILLIS = 10;

    private final Vertx vertx;
    private final BackendOptions options;
    private final RedisLink link;
    private final RedisLink sessions;
    private final long startMillis = System.currentTimeMillis();
    private int cleared;
    private boolean stopped;

    private FormerSelf(Vertx vertx, BackendOptions options, RedisLink link, RedisLink sessions) {
        this.vertx = vertx;
        this.options = options;
        this.link = link;
        this.sessions = sessions;
    }

    /** One for each pool that knows who is online; each begins when its pool is connected. */
    static List<FormerSelf> clearUp(Vertx vertx, BackendOptions options, RedisLinks links) {
        return options.hooks().entries(Hook.CLIENT_CONNECTED, BackendFunction.ON_CLIENT_CONNECTED).stream()
                .map(HookEntry::pool)
                .distinct()
                .map(pool -> {
                    RedisLink sessions = links.to(options.sessionPool().name());
                    FormerSelf former = new FormerSelf(vertx, options, links.to(pool), sessions);
                    former.step("0");
                    return former;
                })
                .toList();
    }

    /**
     * Completes when a client that connects from now on cannot be taken for one of the last run: times are written in whole units,
     * so if there was a last run that left clients online, the unit of the start has to be over.
     */
    Future<Void> settled() {
        return link.send(Request.cmd(Command.EXISTS).arg(Keys.node(options.node())))
                .transform(left -> {
                    if (left.failed() || left.result() == null || left.result().toInteger() == 0) {
                        return Future.succeededFuture();
                    }
                    Promise<Void> over = Promise.promise();
                    vertx.setTimer(millisLeftOfUnit(), unitOver -> over.complete());
                    return over.future();
                });
    }

    private long millisLeftOfUnit() {
        long now = System.currentTimeMillis();
        long left = 1;
        while (options.unit().of(now + left) == options.unit().of(startMillis)) {
            left++;
        }
        return left;
    }

    void stop() {
        stopped = true;
    }

    private void step(String cursor) {
        if (stopped) {
            return;
        }
        link.up()
                .compose(up -> link.send(Request.cmd(Command.HSCAN)
                        .arg(Keys.node(options.node()))
                        .arg(cursor)
                        .arg("COUNT")
                        .arg(CLIENTS_PER_STEP)))
                .compose(page -> page == null ? Future.succeededFuture("0") : clear(page))
                .onSuccess(next -> {
                    if (!next.equals("0")) {
                        vertx.setTimer(PAUSE_MILLIS, pause -> step(next));
                    } else if (cleared > 0) {
                        log.info("Clients left online by this node's last run are offline now [clients={}]", cleared);
                    }
                })
                .onFailure(failure -> log.warn(
                        "Clients left online by this node's last run may still be shown so [cause={}]",
                        failure.getMessage()));
    }

    /** Clears one page; answers the cursor of the next. */
    private Future<String> clear(Response page) {
        List<ClientId> clients = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        Response entries = page.get(1);
        for (int i = 0; i + 1 < entries.size(); i += 2) {
            String since = entries.get(i + 1).toString();
            ClientId client = clientOrNull(entries.get(i).toString());
            if (client != null && isBeforeStart(since)) {
                clients.add(client);
                add(client, since, requests);
            }
        }
        String next = page.get(0).toString();
        if (clients.isEmpty()) {
            return Future.succeededFuture(next);
        }
        cleared += clients.size();
        return link.pipeline(requests).compose(written -> release(clients)).map(next);
    }

    private void add(ClientId client, String since, List<Request> requests) {
        String node = options.node().value();
        long now = options.unit().of(System.currentTimeMillis());
        long ttl = options.presenceTtl().toSeconds();
        requests.add(PresenceScripts.OFFLINE.call(Keys.client(client), since, node, now, ttl));
        requests.add(PresenceScripts.OFF_NODE.call(Keys.node(options.node()), client.value(), since));
    }

    private Future<Void> release(List<ClientId> clients) {
        String node = options.node().value();
        long now = System.currentTimeMillis();
        List<Request> releases = clients.stream()
                .map(client -> PresenceScripts.RELEASE.call(
                        Keys.session(client), node, startMillis, now, SessionStore.NEVER, SessionStore.SPARE_SECONDS))
                .toList();
        return sessions.pipeline(releases).compose(dues -> {
            List<Request> index = new ArrayList<>();
            for (int i = 0; i < clients.size(); i++) {
                Response due = dues.reply(i);
                if (due != null) {
                    index.add(Request.cmd(Command.ZADD)
                            .arg(Keys.SESSIONS_DUE)
                            .arg(due.toString())
                            .arg(clients.get(i).value()));
                }
            }
            return index.isEmpty()
                    ? Future.succeededFuture()
                    : sessions.pipeline(index).mapEmpty();
        });
    }

    private static @Nullable ClientId clientOrNull(String id) {
        try {
            return new ClientId(id);
        } catch (MalformedMqttException notAClient) {
            return null;
        }
    }

    /** Clients of now come only when the unit of the start is over. */
    private boolean isBeforeStart(String since) {
        try {
            return Long.parseLong(since) <= options.unit().of(startMillis);
        } catch (NumberFormatException notATime) {
            return false;
        }
    }
}
