package io.ketju.data.safetensors;

/**
 * What numbers a tensor holds.
 *
 * @param elements all of them
 * @param notNumbers how many are NaN; they are left out of the rest
 * @param min smallest, minus infinity among them; NaN if there is none
 * @param max largest
 * @param mean in double, added in the order of the file
 */
public record ValueRange(long elements, long notNumbers, double min, double max, double mean) {}
