package io.redshank.auth;

/** Somebody who may log in. */
public record User(String name, ScramSecret secret) {}
