package io.ketju.layers;

/** Placeholder. */
public interface Linear extends Layer {}
