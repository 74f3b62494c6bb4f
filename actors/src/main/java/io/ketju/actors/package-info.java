/**
 * Thin typed actors over the pure machines of {@code pipeline}, and what they need to cross a network. Start with
 * {@link io.ketju.actors.Ketju}, then {@code stage.StageActor} and {@code coordinator.Coordinator}.
 */
@NullMarked
package io.ketju.actors;

import org.jspecify.annotations.NullMarked;
