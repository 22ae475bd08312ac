package io.redshank.admin;

import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Walks over keys, or over the members of one key, page by page; what comes or goes meanwhile may be missed or met twice. */
final class Walk {
    private static final int PER_PAGE = 250;

    private final Steps steps;
    private final RedisLink link;
    private String cursor = "0";

    private Walk(Steps steps, RedisLink link) {
        this.steps = steps;
        this.link = link;
    }

    /** Over the keys that match a pattern, of one server after the other. */
    static Future<Void> overKeys(
            Steps steps, RedisLink link, String pattern, Function<List<Subject>, Future<?>> onPage) {
        return link.servers()
                .compose(servers -> Steps.each(servers, server -> overKeysOf(steps, server, pattern, onPage)))
                .mapEmpty();
    }

    private static Future<Void> overKeysOf(
            Steps steps, RedisLink server, String pattern, Function<List<Subject>, Future<?>> onPage) {
        Walk walk = new Walk(steps, server);
        return walk.over(
                () -> Request.cmd(Command.SCAN).arg(walk.cursor).arg("MATCH").arg(pattern),
                reply -> {
                    List<Subject> subjects = new ArrayList<>();
                    reply.forEach(key -> subjects.add(Subject.ofKey(key.toString())));
                    return subjects;
                },
                onPage);
    }

    /** Over the members of a sorted set, with their scores, or over the fields of a hash, with their values. */
    static Future<Void> overMembers(
            Steps steps, RedisLink link, Command scan, String key, Function<List<Subject>, Future<?>> onPage) {
        Walk walk = new Walk(steps, link);
        return walk.over(
                () -> Request.cmd(scan).arg(key).arg(walk.cursor),
                reply -> {
                    List<Subject> subjects = new ArrayList<>();
                    for (int i = 0; i + 1 < reply.size(); i += 2) {
                        subjects.add(new Subject(
                                key, reply.get(i).toString(), reply.get(i + 1).toString()));
                    }
                    return subjects;
                },
                onPage);
    }

    private Future<Void> over(
            Supplier<Request> scan, Function<Response, List<Subject>> read, Function<List<Subject>, Future<?>> onPage) {
        return steps.repeat(
                () -> link.send(scan.get().arg("COUNT").arg(PER_PAGE)).compose(page -> onReply(page, read, onPage)));
    }

    private Future<Boolean> onReply(
            @Nullable Response page,
            Function<Response, List<Subject>> read,
            Function<List<Subject>, Future<?>> onPage) {
        cursor = page == null ? "0" : page.get(0).toString();
        List<Subject> subjects = page == null ? List.of() : read.apply(page.get(1));
        Future<?> done = subjects.isEmpty() ? Future.succeededFuture() : onPage.apply(subjects);
        return done.map(over -> !cursor.equals("0"));
    }
}
