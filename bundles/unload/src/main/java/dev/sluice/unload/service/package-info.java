/** The service, and its configuration. */
package dev.sluice.unload.service;
