/**
 * Thin typed actors over pure machines, and what they need to cross a network. {@link io.ketju.actors.Ketju} is the
 * doorway. The rooms, from below: {@code weights} (of
 * files, on their way into a model), {@code job} (what a run is told and tells), {@code checkpoint}, {@code message} (what
 * the actors say to each other), {@code stage}, {@code trace}, {@code feed}, {@code worker}, {@code coordinator}, {@code wire} (the
 * messages as bytes), {@code run} (which starts them all). To follow a run, read the walk in {@code message}, then
 * {@code stage.StageActor} and {@code coordinator.Coordinator}.
 */
@NullMarked
package io.ketju.actors;

import org.jspecify.annotations.NullMarked;
