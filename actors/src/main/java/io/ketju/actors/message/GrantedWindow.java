package io.ketju.actors.message;

import io.ketju.pipeline.stage.Window;

/**
 * A window as stages get it, and the mini-batch that it is over.
 *
 * @param window as it is granted to every stage
 * @param batch index of the mini-batch: what it is, is a function of that
 */
public record GrantedWindow(Window window, long batch) {}
