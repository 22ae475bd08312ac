package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the connections that a dead run of a node has to Redis. The run itself writes nothing without its lease, but a process may be
 * frozen between that look and the write.
 */
public final class Severing {
    private static final Logger log = LoggerFactory.getLogger(Severing.class);

    private Severing() {}

    /** Ends them at the servers of all these links. Where that is not allowed, the lease alone has to do. */
    public static Future<?> end(Collection<RedisLink> links, NodeRun run) {
        return Future.join(links.stream().map(link -> endAtAll(link, run)).toList())
                .otherwiseEmpty();
    }

    private static Future<?> endAtAll(RedisLink link, NodeRun run) {
        return link.servers()
                .compose(servers -> Future.join(
                        servers.stream().map(server -> end(server, run)).toList()));
    }

    private static Future<?> end(RedisLink link, NodeRun run) {
        return link.send(Request.cmd(Command.CLIENT).arg("LIST"))
                .compose(list -> link.pipeline(kills(list, run.connectionName())))
                .onFailure(refused -> log.warn(
                        "Connections of a dead node not ended [node={}, pool={}, cause={}]",
                        run.node(),
                        link.pool().name(),
                        refused.getMessage()));
    }

    private static List<Request> kills(@Nullable Response list, String name) {
        List<Request> kills = new ArrayList<>();
        kills.add(Request.cmd(Command.PING)); // a pipeline is not empty
        for (String line : String.valueOf(list).split("\n")) {
            if (line.contains(" name=" + name + " ")) {
                String id = line.substring(line.indexOf("id=") + 3, line.indexOf(' '));
                kills.add(Request.cmd(Command.CLIENT).arg("KILL").arg("ID").arg(id));
            }
        }
        return kills;
    }
}
