/**
 * Thin typed actors over pure machines, and what they need to cross a network. {@link io.ketju.actors.Ketju} is the
 * doorway. The rooms, from below: {@code weights} (of files, on their way into a model), {@code job} (what a run is told and tells),
 * {@code piece} (files on their way between JVMs), {@code copy} (of what stages have learnt, in memory), {@code checkpoint}, {@code
 * message} (what the actors say to each other), {@code stage}, {@code trace}, {@code transport} (how tensors come and leave),
 * {@code feed}, {@code worker}, {@code coordinator}, {@code run} (which starts them all), {@code measure} (how long things take). To
 * follow a run, read the walk in {@code message}, then {@code stage.StageActor} and {@code coordinator.Coordinator}.
 */
@NullMarked
package io.ketju.actors;

import org.jspecify.annotations.NullMarked;
