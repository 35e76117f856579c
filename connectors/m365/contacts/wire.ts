import { z } from 'zod'
import { Address, listOf, PostalAddress, text, texts } from '../fields.ts'

/** A `contact` of Graph: https://learn.microsoft.com/graph/api/resources/contact (read 2026-11-25). */
export const WireContact = z.object({
  id: z.string().min(1),
  changeKey: text,
  createdDateTime: text,
  lastModifiedDateTime: text,
  parentFolderId: text,
  displayName: text,
  fileAs: text,
  title: text,
  givenName: text,
  middleName: text,
  surname: text,
  generation: text,
  initials: text,
  nickName: text,
  yomiGivenName: text,
  yomiSurname: text,
  yomiCompanyName: text,
  companyName: text,
  department: text,
  officeLocation: text,
  jobTitle: text,
  profession: text,
  manager: text,
  assistantName: text,
  spouseName: text,
  children: texts,
  birthday: text,
  emailAddresses: listOf(Address.unwrap().unwrap()),
  imAddresses: texts,
  homePhones: texts,
  businessPhones: texts,
  mobilePhone: text,
  homeAddress: PostalAddress,
  businessAddress: PostalAddress,
  otherAddress: PostalAddress,
  businessHomePage: text,
  personalNotes: text,
  categories: texts,
})
export type WireContact = z.infer<typeof WireContact>

/** https://learn.microsoft.com/graph/api/resources/contactfolder (read 2026-11-25). */
export const WireContactFolder = z.object({ id: z.string().min(1), displayName: text, parentFolderId: text })
