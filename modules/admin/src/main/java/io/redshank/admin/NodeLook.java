package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.redis.KeyKind;
import io.redshank.redis.Keys;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The clients of nodes: on one that does not run, nobody is; on one that does, all are that nothing else says otherwise of. */
final class NodeLook implements Look {
    private final RedisLink link;
    private final Nodes nodes;

    NodeLook(RedisLink link, Nodes nodes) {
        this.link = link;
        this.nodes = nodes;
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<String> names = subjects.stream().map(NodeLook::nodeOf).distinct().toList();
        return nodes.running(names).compose(running -> {
            List<Request> questions = subjects.stream()
                    .map(subject -> {
                        ClientId client = Names.client(subject.name());
                        String key = client == null ? "" : Keys.client(client);
                        return Request.cmd(Command.HMGET).arg(key).arg("state").arg("node");
                    })
                    .toList();
            return Replies.to(questions, link).map(replies -> {
                List<Suspicion> suspicions = new ArrayList<>();
                for (int i = 0; i < subjects.size(); i++) {
                    String node = nodeOf(subjects.get(i));
                    if (!running.contains(node)) {
                        suspicions.add(wrong(subjects.get(i), "the node does not run"));
                    } else if (isElsewhere(node, replies.field(i, 0), replies.field(i, 1))) {
                        suspicions.add(wrong(subjects.get(i), "the client is not there"));
                    }
                }
                return suspicions;
            });
        });
    }

    /** Whether a client that a hash says this of is certainly not on this node. */
    static boolean isElsewhere(String node, @Nullable String state, @Nullable String on) {
        return "0".equals(state) || "1".equals(state) && on != null && !on.equals(node);
    }

    private static String nodeOf(Subject subject) {
        return KeyKind.NODE.nameIn(subject.key());
    }

    private Suspicion wrong(Subject subject, String detail) {
        return new Suspicion(
                Finding.of(FindingKind.NODE_ENTRY, link.pool().name(), subject, detail),
                subject,
                Mends.by(link, PresenceScripts.OFF_NODE.call(subject.key(), subject.name(), subject.what())));
    }
}
