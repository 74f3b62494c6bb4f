/**
 * One JVM that holds stages: builds them, connects them, lets them go.
 *
 * <p>The path of one {@code PlaceStages}: {@link io.ketju.actors.worker.WorkerNode} makes it a {@code HostingEvent};
 * {@code WorkerMachine}, if it is free, wants the stages built, which is a {@code HostingEffect}; {@code HostedStages}
 * checks the room, then for each stage makes its memory and its weights ({@code HostedState}: read here, or to be sent), spawns its actor, and has the transport make
 * ready for what comes to it; where the run asks for a feeder, {@code HostedFeeding} reads the data and makes one; {@code HeldRun} tells the coordinator where they listen. {@code ConnectStages} opens the
 * links, waits for what the stages are sent, and gives each stage its own; {@code ReleaseStages} goes back in steps: the feeder ends, nothing more arrives, the actors
 * let go, the memory is freed; copies in memory stay for a while ({@code HostedCopies}). {@code HandOver} has the coordinator
 * told that the worker is about to go; it ends when {@code ReleaseStages} has come and all is free.
 */
@NullMarked
package io.ketju.actors.worker;

import org.jspecify.annotations.NullMarked;
