package io.redshank.events;

import io.redshank.model.TopicName;

/** What a topic under {@code $SYS} says, as text. */
public record StatusValue(TopicName topic, String text) {}
