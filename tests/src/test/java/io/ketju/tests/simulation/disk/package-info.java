/**
 * A disk in memory that forgets at a power cut what was not synced: bytes of files, and names in folders.
 *
 * <p>The path of one write: code that knows {@code java.nio.file} alone gets a {@link io.ketju.tests.simulation.disk.DiskPath};
 * {@code DiskProvider} finds the {@code DiskFile} in the {@code DiskFolder}s of the {@link
 * io.ketju.tests.simulation.disk.ForgetfulDisk}, and {@code DiskChannel} writes to it; {@code force} makes its bytes, or a
 * folder's names, durable.
 */
@NullMarked
package io.ketju.tests.simulation.disk;

import org.jspecify.annotations.NullMarked;
