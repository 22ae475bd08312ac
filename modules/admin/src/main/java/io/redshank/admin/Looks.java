package io.redshank.admin;

import io.redshank.redis.DueMessages;
import io.redshank.redis.KeyKind;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All looks at one database: at those families that are kept there, by the configuration. */
final class Looks {
    private final RedisLink link;
    private final KeysLook ofKeys;
    private final Look ofLogs;
    private final Look ofNodes;
    private final List<Index> indexes = new ArrayList<>();

    /** A sorted set, and the look at its members. */
    record Index(String key, Look look) {}

    Looks(Estate estate, RedisLink link, Nodes nodes, Sweeping sweeping, Counts counts) {
        this.link = link;
        boolean presence = Estate.isAmong(estate.presence(), link);
        Map<KeyKind, KeyCheck> checks = new EnumMap<>(KeyKind.class);
        checks.put(KeyKind.MESSAGE, new MessageCheck(estate, link));
        checks.put(KeyKind.LATEST, new LatestCheck(estate, link));
        checks.put(KeyKind.ACKED, new BookmarkCheck(estate, link, counts));
        ofLogs = new LogLook(link, sweeping);
        indexes.add(new Index(Keys.LOG_INDEX, new LogIndexLook(link, sweeping)));
        ofNodes = presence ? new NodeLook(link, nodes) : subjects -> Future.succeededFuture(List.of());
        if (presence) {
            checks.put(KeyKind.CLIENT, new PresenceCheck(estate, link, nodes));
        }
        if (Estate.isAmong(estate.retained(), link)) {
            checks.put(KeyKind.RETAINED, new RetainedCheck(estate, link));
            indexes.add(new Index(Keys.RETAINED_INDEX, new RetainedIndexLook(link)));
        }
        if (Estate.same(estate.sessions(), link)) {
            checks.put(KeyKind.SESSION, new SessionCheck(estate, nodes));
            checks.put(KeyKind.EXCLUSIVE, new ExclusiveCheck(link));
            checks.put(KeyKind.WILL, new DueCheck(DueMessages.WILLS, link));
            checks.put(KeyKind.DELAYED, new DueCheck(DueMessages.DELAYED, link));
            indexes.add(new Index(Keys.SESSIONS_DUE, DueLook.ofSessions(link)));
            indexes.add(new Index(Keys.WILLS_DUE, DueLook.of(DueMessages.WILLS, link)));
            indexes.add(new Index(Keys.DELAYED_DUE, DueLook.of(DueMessages.DELAYED, link)));
        }
        this.ofKeys = new KeysLook(link, checks);
    }

    RedisLink link() {
        return link;
    }

    KeysLook ofKeys() {
        return ofKeys;
    }

    /** At the ids in a log. */
    Look ofLogs() {
        return ofLogs;
    }

    /** At the clients of a node. */
    Look ofNodes() {
        return ofNodes;
    }

    List<Index> indexes() {
        return indexes;
    }
}
