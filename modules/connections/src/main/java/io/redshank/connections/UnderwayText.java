package io.redshank.connections;

import io.redshank.events.Underway;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How what is underway to a client is written into its session's hash: a JSON array, in the order of sending, of {@code [packet
 * id, stage, qos, retained, logged, topic, message id]}.
 */
final class UnderwayText {
    private static final Logger log = LoggerFactory.getLogger(UnderwayText.class);

    private UnderwayText() {}

    static String write(List<Underway> underway) {
        JsonArray all = new JsonArray();
        for (Underway one : underway) {
            all.add(new JsonArray()
                    .add(one.packetId())
                    .add(one.stage().code())
                    .add(one.qos().level())
                    .add(one.retain())
                    .add(one.logged())
                    .add(one.topic().value())
                    .add(one.id().value()));
        }
        return all.encode();
    }

    /** What is not readable is given up as a whole: the bookmarks still say what the client has. */
    static List<Underway> read(String text) {
        List<Underway> underway = new ArrayList<>();
        if (text.isEmpty()) {
            return underway;
        }
        try {
            JsonArray all = new JsonArray(text);
            for (int i = 0; i < all.size(); i++) {
                underway.add(read(all.getJsonArray(i)));
            }
            return underway;
        } catch (RuntimeException damaged) {
            log.warn("What was underway to a client is not readable [cause={}]", damaged.getMessage());
            return List.of();
        }
    }

    private static Underway read(JsonArray one) {
        return new Underway(
                one.getInteger(0),
                Underway.Stage.of(one.getInteger(1)),
                Qos.of(one.getInteger(2)),
                one.getBoolean(3),
                one.getBoolean(4),
                new TopicName(one.getString(5)),
                new MessageId(one.getString(6)),
                null);
    }

    static String writeIds(List<Integer> packetIds) {
        return packetIds.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    static List<Integer> readIds(String text) {
        List<Integer> packetIds = new ArrayList<>();
        for (String id : text.split(" ", -1)) {
            try {
                packetIds.add(Integer.parseInt(id));
            } catch (NumberFormatException notAnId) {
                continue; // an empty text has none
            }
        }
        return packetIds;
    }
}
