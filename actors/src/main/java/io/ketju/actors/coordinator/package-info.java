/**
 * What directs a run: the order of windows, the pure {@link io.ketju.actors.coordinator.CoordinatorMachine} and its
 * thin actor.
 */
@NullMarked
package io.ketju.actors.coordinator;

import org.jspecify.annotations.NullMarked;
