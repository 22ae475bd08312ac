package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.redis.Keys;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is marked online, and whether that can be. A node that runs is believed: only its list of clients is mended. */
final class PresenceCheck implements KeyCheck {
    private final Estate estate;
    private final RedisLink link;
    private final Nodes nodes;

    PresenceCheck(Estate estate, RedisLink link, Nodes nodes) {
        this.estate = estate;
        this.link = link;
        this.nodes = nodes;
    }

    /** A client as its hash has it. */
    private record Marked(
            Known key,
            ClientId client,
            @Nullable String state,
            @Nullable String since,
            String node) {
        boolean isOnline() {
            return "1".equals(state);
        }
    }

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Request> questions = keys.stream()
                .map(key -> Request.cmd(Command.HMGET)
                        .arg(key.key())
                        .arg("state")
                        .arg("online_at")
                        .arg("node"))
                .toList();
        return Replies.to(questions, link).compose(replies -> {
            List<Suspicion> suspicions = new ArrayList<>();
            List<Marked> online = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (int i = 0; i < keys.size(); i++) {
                Marked marked = marked(keys.get(i), replies, i);
                if (marked != null && marked.isOnline()) {
                    online.add(marked);
                    names.add(marked.node());
                } else if (marked != null
                        && "0".equals(marked.state())
                        && marked.key().isEndless()) {
                    suspicions.add(endless(marked));
                }
            }
            return nodes.running(names)
                    .compose(running -> checkOnline(online, running))
                    .map(wrong -> {
                        suspicions.addAll(wrong);
                        return suspicions;
                    });
        });
    }

    private @Nullable Marked marked(Known key, Replies replies, int place) {
        ClientId client = Names.client(key.name());
        String node = replies.field(place, 2);
        return client == null
                ? null
                : new Marked(
                        key,
                        client,
                        replies.field(place, 0),
                        replies.field(place, 1),
                        node == null ? estate.node().value() : node);
    }

    private Suspicion endless(Marked marked) {
        long seconds = estate.options().presenceTtl().toSeconds();
        return new Suspicion(
                Finding.of(FindingKind.NO_TTL, link.pool().name(), marked.key().subject(), "of a client that has gone"),
                marked.key().subject(),
                Mends.by(link, Mends.endHash(marked.key().key(), seconds, "state", "0")));
    }

    private Future<List<Suspicion>> checkOnline(List<Marked> online, Set<String> running) {
        List<Suspicion> suspicions = new ArrayList<>();
        List<Marked> asked = new ArrayList<>();
        for (Marked marked : online) {
            if (running.contains(marked.node())) {
                asked.add(marked);
            } else {
                suspicions.add(online(marked));
            }
        }
        List<Request> questions = asked.stream()
                .map(marked -> Request.cmd(Command.HGET)
                        .arg(Keys.node(new NodeName(marked.node())))
                        .arg(marked.client().value()))
                .toList();
        return Replies.to(questions, link).map(replies -> {
            for (int i = 0; i < asked.size(); i++) {
                if (replies.get(i) == null) {
                    suspicions.add(notOnNode(asked.get(i)));
                }
            }
            return suspicions;
        });
    }

    private Suspicion online(Marked marked) {
        String since = marked.since();
        Finding finding = Finding.of(
                FindingKind.CLIENT_ONLINE, link.pool().name(), marked.key().subject(), "node " + marked.node());
        if (since == null) {
            return new Suspicion(finding, marked.key().subject(), null);
        }
        return new Suspicion(finding, marked.key().subject(), () -> {
            long now = estate.options().unit().of(System.currentTimeMillis());
            long ttl = estate.options().presenceTtl().toSeconds();
            return Mends.send(link, PresenceScripts.OFFLINE.call(marked.key().key(), since, marked.node(), now, ttl));
        });
    }

    private Suspicion notOnNode(Marked marked) {
        Finding finding = Finding.of(
                FindingKind.CLIENT_NOT_ON_NODE, link.pool().name(), marked.key().subject(), "node " + marked.node());
        String since = marked.since();
        return new Suspicion(finding, marked.key().subject(), since == null ? null : () -> putOnNode(marked, since));
    }

    /** Put there first and looked at then: should the client go in between, either it takes itself out again, or we do. */
    private Future<Boolean> putOnNode(Marked marked, String since) {
        String node = Keys.node(new NodeName(marked.node()));
        String client = marked.client().value();
        List<Request> commands = List.of(
                Request.cmd(Command.HSETNX).arg(node).arg(client).arg(since),
                Request.cmd(Command.HMGET).arg(marked.key().key()).arg("state").arg("online_at"));
        return Replies.to(commands, link).compose(replies -> {
            boolean still = "1".equals(replies.field(1, 0)) && since.equals(replies.field(1, 1));
            return still
                    ? Future.succeededFuture(replies.isOne(0))
                    : Mends.send(link, PresenceScripts.OFF_NODE.call(node, client, since))
                            .map(false);
        });
    }
}
