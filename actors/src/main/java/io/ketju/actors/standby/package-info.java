/**
 * Copies of a run's folder, kept by processes that stand by for its driver and do not reach that folder.
 *
 * <p>The path of one checkpoint: its shards are durable in the run's folder, and {@link io.ketju.actors.standby.StandbyRegistry}
 * has every {@link io.ketju.actors.standby.Follower} keep it before it counts there. {@link io.ketju.actors.standby.Shipment} says what
 * goes: a {@link io.ketju.actors.standby.Parcel} with names and hashes, and then the files, in pieces, the manifest last. In the other
 * process {@link io.ketju.actors.standby.ParcelTaker} writes them into its {@link io.ketju.actors.checkpoint.RunCopy}, reads the
 * checkpoint back, and only then says so.
 */
@NullMarked
package io.ketju.actors.standby;

import org.jspecify.annotations.NullMarked;
