package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many listen to channels. A server of a cluster knows of those that are connected to it, so all of them are asked. */
public final class Listeners {
    private Listeners() {}

    /** For each channel how many; fails if a server does not tell. */
    public static Future<List<Long>> of(RedisLink link, List<String> channels) {
        if (channels.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return link.servers().compose(servers -> {
            List<Future<@Nullable Response>> answers = new ArrayList<>();
            servers.forEach(server -> answers.add(server.send(question(channels))));
            return Future.all(answers).map(all -> sums(channels, answers));
        });
    }

    private static Request question(List<String> channels) {
        Request ask = Request.cmd(Command.PUBSUB).arg("NUMSUB");
        for (String channel : channels) {
            ask = ask.arg(channel);
        }
        return ask;
    }

    /** The reply is a list of channels and numbers by turns, or a map of them. */
    private static List<Long> sums(List<String> channels, List<Future<@Nullable Response>> answers) {
        List<Long> sums = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            long sum = 0;
            for (Future<@Nullable Response> answer : answers) {
                sum += count(answer.result(), channels.get(i), i);
            }
            sums.add(sum);
        }
        return sums;
    }

    private static long count(@Nullable Response answer, String channel, int place) {
        if (answer == null) {
            return 0;
        }
        Response number = answer.isMap() ? answer.get(channel) : answer.get(2 * place + 1);
        return number == null ? 0 : number.toLong();
    }
}
