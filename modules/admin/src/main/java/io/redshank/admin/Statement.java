package io.redshank.admin;

import io.vertx.core.json.JsonObject;

/**
 * One line of an answer.
 *
 * @param about what it is about, in one word that stays as it is
 * @param words for operators
 * @param fields the same for programs
 */
public record Statement(String about, String words, JsonObject fields) {
    static Statement of(String about, String words) {
        return new Statement(about, words, new JsonObject());
    }

    /** The same with one field more. */
    Statement with(String field, Object value) {
        return new Statement(about, words, fields.copy().put(field, value));
    }
}
