package io.redshank.events;

import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * One kind of event: its name and code on the wire, the form of its body and of its answer, and the key that keeps its order.
 *
 * @param code the number on the wire; never used again for another type
 * @param name in kebab case, for logs
 * @param body the wire form of the event
 * @param answer the wire form of what the receiver answers; {@link Answer#NONE} for events that nobody waits for
 * @param key the hash that picks one of a concern's instances: same key, same instance, same order
 * @param again the event as it is sent once more, when it is not known whether it arrived
 * @param <E> the event
 * @param <R> the answer
 */
public record EventType<E, R>(
        int code, String name, Body<E> body, Body<R> answer, ToIntFunction<E> key, UnaryOperator<E> again) {
    EventType(int code, String name, Body<E> body, Body<R> answer, ToIntFunction<E> key) {
        this(code, name, body, answer, key, UnaryOperator.identity());
    }
}
