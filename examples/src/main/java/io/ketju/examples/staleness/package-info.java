/** What old weights cost: one job under the schedules without a flush, and one with. */
@NullMarked
package io.ketju.examples.staleness;

import org.jspecify.annotations.NullMarked;
