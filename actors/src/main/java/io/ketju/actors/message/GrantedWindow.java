package io.ketju.actors.message;

import io.ketju.data.BatchPlan;
import io.ketju.pipeline.stage.Window;

/** A window as stages get it, and the mini-batch that it is over. */
public record GrantedWindow(Window window, BatchPlan batch) {}
