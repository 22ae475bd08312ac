package io.redshank.admin;

import io.redshank.redis.DueMessages;
import io.redshank.redis.KeyKind;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All looks at one database: at those families that are kept there, by the configuration. */
final class Looks {
    private final RedisLink link;
    private final KeysLook ofKeys;
    private final Map<KeyKind, Members> members = new EnumMap<>(KeyKind.class);
    private final List<Index> indexes = new ArrayList<>();

    /** A sorted set, and the look at its members. */
    record Index(String key, Look look) {}

    /** Keys of a type that are lists of something, how they are walked over, and the look at what is in them. */
    record Members(String type, Command scan, Look look) {
        static Members ofHash(Look look) {
            return new Members("hash", Command.HSCAN, look);
        }
    }

    Looks(Estate estate, RedisLink link, Nodes nodes, Sweeping sweeping, Counts counts) {
        this.link = link;
        boolean presence = Estate.isAmong(estate.presence(), link);
        Map<KeyKind, KeyCheck> checks = new EnumMap<>(KeyKind.class);
        checks.put(KeyKind.MESSAGE, new MessageCheck(estate, link));
        checks.put(KeyKind.LATEST, new LatestCheck(estate, link));
        checks.put(KeyKind.ACKED, new BookmarkCheck(estate, link, counts));
        checks.put(KeyKind.RECEIVED, new ExchangeCheck(FindingKind.RECEIVED_OF_NOBODY, estate, link));
        members.put(KeyKind.MESSAGE, new Members("zset", Command.ZSCAN, new LogLook(link, sweeping)));
        members.put(KeyKind.LEASE, Members.ofHash(new LeaseLook(link)));
        indexes.add(new Index(Keys.LOG_INDEX, new LogIndexLook(link, sweeping)));
        if (presence) {
            members.put(KeyKind.NODE, Members.ofHash(new NodeLook(link, nodes)));
            checks.put(KeyKind.CLIENT, new PresenceCheck(estate, link, nodes));
        }
        if (Estate.isAmong(estate.retained(), link)) {
            checks.put(KeyKind.RETAINED, new RetainedCheck(estate, link));
            indexes.add(new Index(Keys.RETAINED_INDEX, new RetainedIndexLook(link)));
        }
        if (Estate.same(estate.sessions(), link)) {
            checks.put(KeyKind.SESSION, new SessionCheck(estate, nodes));
            checks.put(KeyKind.INFLIGHT, new ExchangeCheck(FindingKind.INFLIGHT_OF_NOBODY, estate, link));
            members.put(KeyKind.HELD_WILLS, Members.ofHash(new HeldWillsLook(link, nodes)));
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

    /** What there is to look at inside a key; null if nothing. */
    @Nullable
    Members in(KeyCheck.Known key) {
        KeyKind kind = KeyKind.of(key.key());
        Members inside = kind == null ? null : members.get(kind);
        return inside != null && inside.type().equals(key.type()) ? inside : null;
    }

    List<Index> indexes() {
        return indexes;
    }
}
