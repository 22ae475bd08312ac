package io.redshank.hooks;

/** An entry that does one of the things this broker knows to do. */
public record FunctionAction(BackendFunction function) implements Action {}
