package io.redshank.connections;

import io.vertx.redis.client.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the reply of HGETALL, which is a map or, in the older protocol, a list of fields and values in turn. */
final class Hashes {
    private Hashes() {}

    static Map<String, String> read(Response hgetall) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (hgetall.isMap()) {
            for (String field : hgetall.getKeys()) {
                fields.put(field, hgetall.get(field).toString());
            }
            return fields;
        }
        for (int i = 0; i + 1 < hgetall.size(); i += 2) {
            fields.put(hgetall.get(i).toString(), hgetall.get(i + 1).toString());
        }
        return fields;
    }
}
