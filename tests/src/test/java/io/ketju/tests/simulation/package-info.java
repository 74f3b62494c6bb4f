/**
 * Whole runs in one thread, by one seed: the real coordinator, workers, stages, feeder and writers over a network and a disk
 * that fail.
 *
 * <p>The path of one seed: {@link io.ketju.tests.simulation.Simulation} opens an actor system whose dispatchers and timers are
 * the {@code World}'s, starts workers as {@code Node}s, and a driver by the start path of every run; then it takes step after
 * step. Each step one message is taken up, drawn by the seed from all that may be next, or time goes on to the next timer.
 * {@code Faults} kills, stops and cuts off nodes, {@code Ledger} looks after every step whether something happened that must
 * not, and a driver that failed or died is started again as {@code --resume} does, until the run has ended with the bits of
 * an undisturbed one.
 */
@NullMarked
package io.ketju.tests.simulation;

import org.jspecify.annotations.NullMarked;
