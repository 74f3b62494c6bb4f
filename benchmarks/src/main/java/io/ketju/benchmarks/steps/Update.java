package io.ketju.benchmarks.steps;

/** Moves all parameters by their gradients. */
@FunctionalInterface
interface Update {
    void run();
}
