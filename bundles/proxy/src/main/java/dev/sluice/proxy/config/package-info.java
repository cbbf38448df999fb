/** A route as it is configured: immutable, checked, and read from properties. Knows nothing of what is made of it. */
package dev.sluice.proxy.config;
