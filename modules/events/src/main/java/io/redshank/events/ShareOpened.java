package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * An instance deals out a shared subscription from now on, or has another member whose session persists. A subscription with such
 * members is kept from then on: it has its place in the logs.
 *
 * @param filter the whole filter, with the group's name
 * @param owner the name of the instance
 * @param era in which the instance deals it out already; 0 if it has not begun
 * @param member whose session persists; null if it is not known of any
 * @param start behind which id it gets what is stored, if it was not kept until now
 */
public record ShareOpened(
        TopicFilter filter,
        String owner,
        long era,
        @Nullable ClientId member,
        MessageId start,
        long millis) {}
