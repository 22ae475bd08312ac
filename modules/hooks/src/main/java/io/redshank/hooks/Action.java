package io.redshank.hooks;

/** What a hook entry does. */
public sealed interface Action permits FunctionAction, CommandsAction {}
