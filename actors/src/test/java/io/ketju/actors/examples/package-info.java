/** The programs, layers, losses and data sets that the pages in {@code docs} show; each region there is one here. */
package io.ketju.actors.examples;
