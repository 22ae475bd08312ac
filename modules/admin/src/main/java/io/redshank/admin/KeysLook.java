package io.redshank.admin;

import io.redshank.redis.KeyKind;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at keys of all families: first what type each has and how long it lives, then what its family asks of it. */
final class KeysLook implements Look {
    private static final Set<String> HASH = Set.of("hash");
    private static final Map<KeyKind, Set<String>> TYPES = new EnumMap<>(Map.ofEntries(
            Map.entry(KeyKind.CLIENT, HASH),
            Map.entry(KeyKind.NODE, HASH),
            Map.entry(KeyKind.CONNECTION, HASH),
            Map.entry(KeyKind.CONNECTIONS, HASH),
            Map.entry(KeyKind.SUBSCRIPTIONS, HASH),
            Map.entry(KeyKind.RETAINED, Set.of("hash", "string")),
            Map.entry(KeyKind.MESSAGE, Set.of("hash", "zset")),
            Map.entry(KeyKind.ACKED, Set.of("string")),
            Map.entry(KeyKind.LATEST, HASH),
            Map.entry(KeyKind.EXCLUSIVE, Set.of("string")),
            Map.entry(KeyKind.SESSION, HASH),
            Map.entry(KeyKind.INFLIGHT, HASH),
            Map.entry(KeyKind.RECEIVED, HASH),
            Map.entry(KeyKind.HELD_WILLS, HASH),
            Map.entry(KeyKind.LEASE, HASH),
            Map.entry(KeyKind.WILL, HASH),
            Map.entry(KeyKind.DELAYED, HASH),
            Map.entry(KeyKind.SHARE, HASH)));

    private final RedisLink link;
    private final Map<KeyKind, KeyCheck> checks;

    KeysLook(RedisLink link, Map<KeyKind, KeyCheck> checks) {
        this.link = link;
        this.checks = new EnumMap<>(checks);
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        return known(subjects).compose(this::check);
    }

    /** What is known of these keys; those that are gone by now are left out. */
    Future<List<KeyCheck.Known>> known(List<Subject> subjects) {
        List<Request> questions = new ArrayList<>(2 * subjects.size());
        for (Subject subject : subjects) {
            questions.add(Request.cmd(Command.TYPE).arg(subject.key()));
            questions.add(Request.cmd(Command.PTTL).arg(subject.key()));
        }
        return Replies.to(questions, link).map(replies -> {
            List<KeyCheck.Known> known = new ArrayList<>(subjects.size());
            for (int i = 0; i < subjects.size(); i++) {
                String type = replies.text(2 * i);
                Long ttl = replies.number(2 * i + 1);
                KeyKind kind = KeyKind.of(subjects.get(i).key());
                if (kind != null && type != null && !type.equals("none") && ttl != null && ttl != -2) {
                    String name = kind.nameIn(subjects.get(i).key());
                    known.add(new KeyCheck.Known(subjects.get(i), name, type, ttl));
                }
            }
            return known;
        });
    }

    /** What looks wrong about these. */
    Future<List<Suspicion>> check(List<KeyCheck.Known> keys) {
        List<Suspicion> suspicions = new ArrayList<>();
        Map<KeyKind, List<KeyCheck.Known>> byKind = new EnumMap<>(KeyKind.class);
        for (KeyCheck.Known key : keys) {
            KeyKind kind = KeyKind.of(key.key());
            Set<String> types = kind == null ? null : TYPES.get(kind);
            if (kind == null || types == null) {
                continue;
            }
            if (types.contains(key.type())) {
                byKind.computeIfAbsent(kind, first -> new ArrayList<>()).add(key);
            } else {
                suspicions.add(new Suspicion(
                        Finding.of(
                                FindingKind.WRONG_TYPE,
                                link.pool().name(),
                                key.subject(),
                                "it is a " + key.type() + "; rename or delete it"),
                        key.subject(),
                        null));
            }
        }
        return Steps.each(List.copyOf(byKind.entrySet()), entry -> {
                    KeyCheck check = checks.get(entry.getKey());
                    return check == null
                            ? Future.succeededFuture()
                            : check.at(entry.getValue()).onSuccess(suspicions::addAll);
                })
                .map(suspicions);
    }
}
