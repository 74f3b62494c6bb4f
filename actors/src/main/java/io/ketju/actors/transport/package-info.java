/**
 * How tensors come to the stages of one JVM and leave them: the one thing about a run that a network changes. What is
 * here never leaves the JVM; whoever brings sockets implements {@link io.ketju.actors.transport.StageTransport}.
 *
 * <p>The path of one tensor: when a worker builds a stage, {@link io.ketju.actors.transport.HostedLinks} makes ready for
 * what will come to it; when all stages stand somewhere, it opens a {@code StageLink} to each that the stage sends to;
 * the link's {@code send} ends as a {@code DeliverTensor} to the stage behind it. {@link
 * io.ketju.actors.transport.FeederLinks} does the same for the batch feeder, wherever it is, and
 * {@code takingOutputs} makes ready, where the run is directed, for what windows that predict send back.
 */
@NullMarked
package io.ketju.actors.transport;

import org.jspecify.annotations.NullMarked;
