/**
 * Tables: CSV files with a heading, whose columns become features and targets. {@code Tables.open} reads a file into a
 * {@code Table}, {@code TableEncoding} says how a row becomes numbers, {@code TableDataset} holds these.
 */
@NullMarked
package io.ketju.data.table;

import org.jspecify.annotations.NullMarked;
