/**
 * Sends samples to the first stage and targets to the last: from where the run is directed, or from the worker of the first
 * stage, if {@link io.ketju.actors.feed.DataReading} finds the job's data there too.
 *
 * <p>The path of one {@code FeedWindow}: {@link io.ketju.actors.feed.BatchFeeder} makes it an event;
 * {@code FeederMachine} wants each of the window's micro-batches sent as soon as an input and a target buffer are free;
 * {@link io.ketju.actors.feed.MicrobatchBuffers} fills the two, and the feeder sends them over its links. A buffer that
 * comes back is the next event.
 *
 * <p>What comes back: {@link io.ketju.actors.feed.OutputReceiver} takes the outputs of windows that predict, from every
 * stage that makes any, and puts them where they are wanted.
 */
@NullMarked
package io.ketju.actors.feed;

import org.jspecify.annotations.NullMarked;
