package io.redshank.events;

/** Asks what somebody has counted. */
public record CountsLookup() {}
