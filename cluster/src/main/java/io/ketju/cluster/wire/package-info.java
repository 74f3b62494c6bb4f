/**
 * The control messages as Protobuf, by an explicit list of manifests. It knows the messages, not the actors.
 *
 * <p>The path of one message: Pekko gives it to {@link io.ketju.cluster.wire.ControlSerializer}, which finds its line in
 * {@code ControlMessages} or a family of its own ({@code SumsMessages}, {@code TimelineMessages} ...) by its class, writes it by the methods there, those of {@code ControlValues} (values that
 * several messages carry) and {@code PipelineText} (what is to be trained, as text); the other side finds the line by
 * its manifest and reads it back. What has no line cannot cross the network.
 */
@NullMarked
package io.ketju.cluster.wire;

import org.jspecify.annotations.NullMarked;
