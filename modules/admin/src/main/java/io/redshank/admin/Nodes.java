package io.redshank.admin;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.NodeName;
import io.redshank.redis.Keys;
import io.redshank.redis.Listeners;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisFailure.Kind;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which nodes run, as Redis knows it from the connection on which each listens to a channel of its name: right as soon as a node is
 * dead, however it died. A node that has lost its connection is back after a while, so absence counts only when it has lasted; and
 * if Redis does not tell, all of them run. Channels are those of all databases of a server, so a node of the same name elsewhere
 * counts as this one. Confined to one context.
 */
final class Nodes {
    private static final int LOOKS_AT_ABSENCE = 10;

    private final RedisLink link;
    private final Steps steps;
    private final long absentMillis;
    /** Those whose absence has lasted, and has not ended since. */
    private final Set<String> absent = new HashSet<>();

    /** Absence counts after so many milliseconds. */
    Nodes(RedisLink link, Steps steps, long absentMillis) {
        this.link = link;
        this.steps = steps;
        this.absentMillis = absentMillis;
    }

    /** Those of these names that run. */
    Future<Set<String>> running(Collection<String> names) {
        List<String> valid = names.stream().distinct().filter(Nodes::isName).toList();
        return ask(valid).compose(running -> {
            absent.removeAll(running);
            List<String> missing = new ArrayList<>(valid);
            missing.removeAll(running);
            missing.removeAll(absent);
            return missing.isEmpty() || absentMillis == 0
                    ? Future.succeededFuture(running)
                    : lookAgain(missing).map(back -> {
                        running.addAll(back);
                        return running;
                    });
        });
    }

    /** Those of the missing nodes that are back within the time. */
    private Future<Set<String>> lookAgain(List<String> missing) {
        Set<String> back = new HashSet<>();
        List<Integer> looks = new ArrayList<>();
        for (int look = 0; look < LOOKS_AT_ABSENCE; look++) {
            looks.add(look);
        }
        return Steps.each(
                        looks,
                        look -> steps.pause(absentMillis / LOOKS_AT_ABSENCE)
                                .compose(paused -> ask(missing))
                                .onSuccess(back::addAll))
                .map(looked -> {
                    absent.addAll(missing);
                    absent.removeAll(back);
                    return back;
                });
    }

    private Future<Set<String>> ask(List<String> names) {
        List<String> channels =
                names.stream().map(name -> Keys.nodeChannel(new NodeName(name))).toList();
        return listeners(channels).map(counts -> {
            Set<String> running = new HashSet<>();
            for (int i = 0; i < names.size(); i++) {
                if (counts.get(i) > 0) {
                    running.add(names.get(i));
                }
            }
            return running;
        });
    }

    /** Whether some node sweeps what expires: whoever listens to the pool's channel may be one. */
    Future<Boolean> anyRuns(NodeName ours) {
        return listeners(List.of(link.pool().channel(), Keys.nodeChannel(ours)))
                .map(counts -> counts.stream().anyMatch(count -> count > 0));
    }

    /** One listener each, if Redis will not tell. */
    private Future<List<Long>> listeners(List<String> channels) {
        return Listeners.of(link, channels)
                .recover(failure -> failure instanceof RedisFailure refused && refused.kind() == Kind.REJECTED
                        ? Future.succeededFuture(Collections.nCopies(channels.size(), 1L))
                        : Future.failedFuture(failure));
    }

    private static boolean isName(String name) {
        try {
            return !new NodeName(name).value().isEmpty();
        } catch (MalformedMqttException malformed) {
            return false;
        }
    }
}
