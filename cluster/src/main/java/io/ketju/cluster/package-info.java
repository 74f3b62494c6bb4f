/**
 * Runs over several JVMs, and the doorway to them. What a run does is all in {@code ketju-actors}; here is what a network
 * adds to it: where its stages are held, how tensors travel between JVMs, and how control messages are written.
 *
 * <p>The path of one run: {@link io.ketju.cluster.KetjuCluster} has {@code Runs} in {@code ketju-actors} start it, at a
 * site from the room {@code node}, which joins the cluster and finds workers there; tensors go through the transport of
 * the room {@code link}; messages between the JVMs are written and read by the room {@code wire}.
 */
@NullMarked
package io.ketju.cluster;

import org.jspecify.annotations.NullMarked;
