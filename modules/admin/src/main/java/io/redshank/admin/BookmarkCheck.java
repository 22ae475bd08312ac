package io.redshank.admin;

import io.redshank.model.ClientId;
import io.redshank.model.SharedFilter;
import io.redshank.redis.Keys;
import io.redshank.redis.LogScripts;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Bookmarks: whose they are, and whether they still are a place in their log. That an id has left its log is not wrong: as long as
 * ids sort, it is known what comes behind it.
 */
final class BookmarkCheck implements KeyCheck {
    /** What has more colons in it than this may be anybody's, and is left alone. */
    private static final int MOST_READINGS = 16;

    private static final String BEGINNING = "0";

    private final Estate estate;
    private final RedisLink link;
    private final Counts counts;

    BookmarkCheck(Estate estate, RedisLink link, Counts counts) {
        this.estate = estate;
        this.link = link;
        this.counts = counts;
    }

    /** One of the ways in which a bookmark's key can be read. */
    private record Reading(Known key, String place, Keys.Bookmark bookmark) {}

    @Override
    public Future<List<Suspicion>> at(List<Known> keys) {
        List<Request> places = keys.stream()
                .map(key -> Request.cmd(Command.GET).arg(key.key()))
                .toList();
        return Replies.to(places, link).compose(replies -> {
            List<Reading> readings = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                String place = replies.text(i);
                List<Keys.Bookmark> bookmarks = Keys.bookmarksOf(keys.get(i).key());
                if (place != null && bookmarks.size() <= MOST_READINGS) {
                    for (Keys.Bookmark bookmark : bookmarks) {
                        readings.add(new Reading(keys.get(i), place, bookmark));
                    }
                }
            }
            return judge(readings);
        });
    }

    private Future<List<Suspicion>> judge(List<Reading> readings) {
        Set<Reading> withSession = new HashSet<>();
        Set<Reading> alive = new HashSet<>();
        return existing(readings, BookmarkCheck::keeper, estate.sessions(), withSession)
                .compose(asked -> Steps.each(estate.presence(), pool -> existing(readings, Keys::client, pool, alive)))
                .compose(asked -> {
                    alive.addAll(withSession);
                    List<Suspicion> suspicions = new ArrayList<>();
                    List<Reading> places = new ArrayList<>();
                    Map<Known, List<Reading>> byKey = new LinkedHashMap<>();
                    readings.forEach(reading -> byKey.computeIfAbsent(reading.key(), first -> new ArrayList<>())
                            .add(reading));
                    byKey.forEach((key, all) -> {
                        List<Reading> living =
                                all.stream().filter(alive::contains).toList();
                        if (living.isEmpty() && !estate.presence().isEmpty()) {
                            suspicions.add(wrong(FindingKind.BOOKMARK_OF_NOBODY, all.get(0), ""));
                        } else if (key.isEndless() && living.stream().noneMatch(withSession::contains)) {
                            suspicions.add(endless(all.get(0)));
                        } else if (living.size() == 1) {
                            places.add(living.get(0));
                        }
                    });
                    return checkPlaces(places).map(lost -> {
                        suspicions.addAll(lost);
                        return suspicions;
                    });
                });
    }

    /** What has to be there as long as the bookmark: a session, or what is kept of a shared subscription. */
    private static String keeper(ClientId client) {
        return SharedFilter.isReader(client) ? Keys.share(client) : Keys.session(client);
    }

    /** Adds those of whose clients there is such a key. */
    private static Future<Void> existing(
            List<Reading> readings, Function<ClientId, String> key, RedisLink pool, Set<Reading> found) {
        List<Request> questions = readings.stream()
                .map(reading -> Request.cmd(Command.EXISTS)
                        .arg(key.apply(reading.bookmark().client())))
                .toList();
        return Replies.to(questions, pool)
                .onSuccess(replies -> {
                    for (int i = 0; i < readings.size(); i++) {
                        if (replies.isOne(i)) {
                            found.add(readings.get(i));
                        }
                    }
                })
                .mapEmpty();
    }

    private Future<List<Suspicion>> checkPlaces(List<Reading> readings) {
        List<Request> questions = new ArrayList<>();
        for (Reading reading : readings) {
            String log = Keys.log(reading.bookmark().topic());
            questions.add(Request.cmd(Command.ZRANK).arg(log).arg(reading.place()));
            questions.add(LogScripts.PAGE.call(log, 1, "after", reading.place(), ""));
        }
        return Replies.to(questions, link).map(replies -> {
            List<Suspicion> lost = new ArrayList<>();
            for (int i = 0; i < readings.size(); i++) {
                Reading reading = readings.get(i);
                Response behind = replies.get(2 * i + 1);
                if (reading.place().equals(BEGINNING)) {
                    counts.note(Counts.Note.BOOKMARK_AT_START);
                } else if (replies.get(2 * i) != null
                        || behind == null
                        || reading.place().isEmpty()) {
                    continue;
                } else if (behind.get(0).toString().equals("0")) {
                    lost.add(wrong(FindingKind.BOOKMARK_LOST, reading, BEGINNING));
                } else {
                    counts.note(Counts.Note.BOOKMARK_LEFT_LOG);
                }
            }
            return lost;
        });
    }

    /** Put right by another place; by none, if that is empty. */
    private Suspicion wrong(FindingKind kind, Reading reading, String right) {
        return new Suspicion(
                Finding.of(kind, link.pool().name(), reading.key().subject(), "at " + reading.place()),
                reading.key().subject(),
                Mends.by(link, Mends.replace(reading.key().key(), reading.place(), right)));
    }

    private Suspicion endless(Reading reading) {
        long seconds = estate.options().bookmarkTtl().toSeconds();
        return new Suspicion(
                Finding.of(FindingKind.NO_TTL, link.pool().name(), reading.key().subject(), "of a bookmark"),
                reading.key().subject(),
                Mends.by(link, Mends.end(reading.key().key(), "string", seconds, reading.place())));
    }
}
