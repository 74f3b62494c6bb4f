/**
 * Files that are either whole or absent after a crash, and their hashes.
 *
 * <p>The path of one write: {@code DurableFile.write} opens the file under another name and hands out a channel; what is written
 * may pass through a {@code DigestChannel}, which hashes it on the way and gives a {@code FileDigest} for a manifest; then the
 * file is synced, renamed, and its folder synced. {@code FileErrors} says in words why a file could not be read or written,
 * and {@code NearestFile} which one was probably meant.
 * A {@code Spill} is for what has to be read in any order and may outgrow the memory.
 */
@NullMarked
package io.ketju.data.file;

import org.jspecify.annotations.NullMarked;
