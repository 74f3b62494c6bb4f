package io.ketju.examples.memory;

/**
 * How large the networks are.
 *
 * @param context characters of a window
 * @param embedding numbers of a character
 * @param hidden numbers of a state
 */
record Size(int context, int embedding, int hidden) {}
